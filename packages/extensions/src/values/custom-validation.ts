import { Budget, REQUEST_BUDGET, RuleTree } from '@keelson/cel';
import { type FieldError, formatGroupVersion, type GroupVersionKind, invalidField, type Json, type KubeObject } from '@keelson/machinery';
import { compileValidator, type JsonSchema } from '@keelson/schema';
import { validateEmbeddedObjects } from './validate-embedded-objects.js';
import { validateUniqueItems } from './validate-unique-items.js';

/** Judges objects of one version. `old`: what an update replaces. */
export type CustomValidation<Context extends Warned = Warned> = (
  object: KubeObject,
  old: KubeObject | undefined,
  context: Context,
) => FieldError[];

interface Warned {
  warn(text: string): void;
}

/** What a definition's schema demands of objects. `more`: what its subresources demand beside it. */
export function customValidation(gvk: GroupVersionKind, schema: JsonSchema, more: (object: KubeObject) => FieldError[]): CustomValidation {
  // Most schemas of a cluster are never written by: they are compiled with the first write.
  const compiled = once(() => ({ validateValue: compileValidator(schema), rules: RuleTree.of(schema, true) }));
  const typeMeta = { apiVersion: formatGroupVersion(gvk), kind: gvk.kind };
  const typed = (object: KubeObject) => ({ ...object, ...typeMeta }) as unknown as Json;
  return (object, old, context) => {
    const { validateValue, rules } = compiled();
    const value = typed(object);
    const before = old && typed(old);
    const errors = [
      ...validateValue(value, '', before),
      ...more(object),
      ...validateEmbeddedObjects(value, schema),
      ...(before !== undefined && validateUniqueItems(before, schema).length > 0 ? [] : validateUniqueItems(value, schema)),
    ];
    return rules === undefined ? errors : [...errors, ...validateRules(rules, value, before, errors, context)];
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
  if (known.some(({ type }) => BLOCKING.has(type))) return [invalidField('<nil>', null, NOT_CHECKED)];
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
