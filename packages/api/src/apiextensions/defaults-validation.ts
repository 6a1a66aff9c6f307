import { type FieldError, type FieldPath, invalidField, type Json, jsonEqual } from '@keelson/machinery';
import { compileValidator, itemsOf, type JsonSchema, prune } from '@keelson/schema';

/**
 * Defaults are values as clients might send them: known to the schema, and in order by it. `pruned`: they may have no unknown
 * fields, which came later than schemas whose defaults have some.
 */
export function validateDefaults(schema: JsonSchema, at: FieldPath, pruned: boolean): FieldError[] {
  const items = itemsOf(schema);
  return [
    ...(schema.default === undefined || schema.default === null
      ? []
      : validateDefault(schema, schema.default, at.child('default'), pruned)),
    ...(items === undefined ? [] : validateDefaults(items, at.child('items'), pruned)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => validateDefaults(one, at.child('properties').key(name), pruned)),
  ];
}

function validateDefault(schema: JsonSchema, value: Json, at: FieldPath, pruned: boolean): FieldError[] {
  const errors = compileValidator(schema)(value, at.toString());
  return pruned && !isPruned(schema, value) ? [invalidField(at, value, 'must not have unknown fields'), ...errors] : errors;
}

function isPruned(schema: JsonSchema, value: Json): boolean {
  const copy = structuredClone(value);
  prune(copy, schema, schema['x-kubernetes-embedded-resource'] === true);
  return jsonEqual(copy, value);
}
