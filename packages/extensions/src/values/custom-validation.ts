import { Budget, REQUEST_BUDGET, RuleTree } from '@keelson/cel';
import {
  type FieldError,
  formatGroupVersion,
  type GroupVersionKind,
  invalidField,
  type Json,
  type JsonObject,
  type KubeObject,
  NO_PATH,
} from '@keelson/machinery';
import { compileValidator, type JsonSchema, propertyOf, validateEmbeddedObjects } from '@keelson/schema';
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
export function customValidation(gvk: GroupVersionKind, schema: JsonSchema, more: MoreChecks): CustomValidation {
  const validator = once(() => compileValidator(schema));
  return validation(gvk, schema, (value, before, object) => [
    ...validator()(value, '', before),
    ...more(object),
    ...validateEmbeddedObjects(value, schema),
  ]);
}

/** What it demands where only the status is written: of all else only rules are asked. */
export function customStatusValidation(gvk: GroupVersionKind, schema: JsonSchema, more: MoreChecks): CustomValidation {
  const ofStatus = propertyOf(schema, 'status');
  const validator = once(() => ofStatus && compileValidator(ofStatus));
  return validation(gvk, schema, ({ status }, before, object) => [
    ...(status === undefined ? [] : (validator()?.(status, 'status', before?.status) ?? [])),
    ...more(object),
  ]);
}

/** What is demanded of an object beside what its schema says. */
export type MoreChecks = (object: KubeObject) => FieldError[];

type ValueChecks = (value: JsonObject, before: JsonObject | undefined, object: KubeObject) => FieldError[];

function validation(gvk: GroupVersionKind, schema: JsonSchema, check: ValueChecks): CustomValidation {
  // Most schemas of a cluster are never written by: they are compiled with the first write.
  const ruleTree = once(() => RuleTree.of(schema, true));
  const typeMeta = { apiVersion: formatGroupVersion(gvk), kind: gvk.kind };
  const typed = (object: KubeObject) => ({ ...object, ...typeMeta }) as unknown as JsonObject;
  return (object, old, context, ofMetadata = []) => {
    const rules = ruleTree();
    const value = typed(object);
    const before = old && typed(old);
    const errors = [
      ...check(value, before, object),
      ...(before !== undefined && validateUniqueItems(before, schema).length > 0 ? [] : validateUniqueItems(value, schema)),
    ];
    return rules === undefined ? errors : [...errors, ...validateRules(rules, value, before, [...ofMetadata, ...errors], context)];
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

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
