import { Budget, REQUEST_BUDGET, RuleTree } from '@keelson/cel';
import {
  type FieldError,
  formatGroupVersion,
  type GroupVersionKind,
  type Histogram,
  invalidField,
  type Json,
  type JsonObject,
  type KubeObject,
  NO_PATH,
} from '@keelson/machinery';
import { compileValidator, type JsonSchema, propertyOf, validateEmbeddedObjects } from '@keelson/schema';
import type { RuleTimes } from '@keelson/server';
import { validateUniqueItems } from './validate-unique-items.js';

/** Judges objects of one version. `old`: what an update replaces. */
export type CustomValidation<Context extends Warned = Warned> = (
  object: KubeObject,
  old: KubeObject | undefined,
  context: Context,
  ofMetadata?: readonly FieldError[],
) => FieldError[];

interface Warned {
  warn(text: string): void;
}

/** What a definition's schema demands of objects. `more`: what its subresources demand beside it. */
export function customValidation(gvk: GroupVersionKind, schema: JsonSchema, more: MoreChecks, times?: RuleTimes): CustomValidation {
  const validator = once(() => compileValidator(schema));
  const check: ValueChecks = (value, before, object) => [
    ...validator()(value, '', before),
    ...more(object),
    ...validateEmbeddedObjects(value, schema),
  ];
  return validation(gvk, schema, check, times);
}

/** What it demands where only the status is written: of all else only rules are asked. */
export function customStatusValidation(gvk: GroupVersionKind, schema: JsonSchema, more: MoreChecks, times?: RuleTimes): CustomValidation {
  const ofStatus = propertyOf(schema, 'status');
  const validator = once(() => ofStatus && compileValidator(ofStatus));
  const check: ValueChecks = ({ status }, before, object) => [
    ...(status === undefined ? [] : (validator()?.(status, 'status', before?.status) ?? [])),
    ...more(object),
  ];
  return validation(gvk, schema, check, times);
}

/** What is demanded of an object beside what its schema says. */
export type MoreChecks = (object: KubeObject) => FieldError[];

type ValueChecks = (value: JsonObject, before: JsonObject | undefined, object: KubeObject) => FieldError[];

function validation(gvk: GroupVersionKind, schema: JsonSchema, check: ValueChecks, times: RuleTimes | undefined): CustomValidation {
  // Most schemas of a cluster are never written by: they are compiled with the first write.
  const ruleTree = once(() => timed(times?.compilations, () => RuleTree.of(schema, true)));
  const typeMeta = { apiVersion: formatGroupVersion(gvk), kind: gvk.kind };
  const typed = (object: KubeObject) => ({ ...object, ...typeMeta }) as unknown as JsonObject;
  return (object, old, context, ofMetadata = []) => {
    const rules = ruleTree();
    const value = typed(object);
    const before = old && typed(old);
    const errors = [
      // What says of which version it is says it of the old object, too: that it has not changed means nothing.
      ...check(value, old as JsonObject | undefined, object),
      ...(before !== undefined && validateUniqueItems(before, schema).length > 0 ? [] : validateUniqueItems(value, schema)),
    ];
    if (rules === undefined) return errors;
    const known = [...ofMetadata, ...errors];
    return [...errors, ...timed(times?.evaluations, () => validateRules(rules, value, before, known, context))];
  };
}

/** Kinds of errors after which values may not be what rules expect. */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);
const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

function validateRules(
  rules: RuleTree,
  value: Json,
  before: Json | undefined,
  known: readonly FieldError[],
  context: Warned,
): FieldError[] {
  if (known.some(({ type }) => BLOCKING.has(type))) return [invalidField(NO_PATH, null, NOT_CHECKED)];
  const errors: FieldError[] = [];
  rules.evaluate(value, before, undefined, { budget: new Budget(REQUEST_BUDGET), errors, warn: (text) => context.warn(text) });
  return errors;
}

function timed<T>(seconds: Histogram | undefined, work: () => T): T {
  const startedAtMs = performance.now();
  const result = work();
  seconds?.observe((performance.now() - startedAtMs) / 1000);
  return result;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
