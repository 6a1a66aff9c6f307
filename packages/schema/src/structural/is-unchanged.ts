import { type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { correlatedItem, mapKeysOf } from './correlated-item.js';
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from './json-schema.js';

/**
 * Whether a value is what it was: items that are known by keys may stand in another order. What the schema does not describe is
 * never known to be the same.
 */
export function isUnchanged(value: Json, old: Json | undefined, schema: JsonSchema | undefined): boolean {
  if (old === undefined) return false;
  if (Array.isArray(value)) return Array.isArray(old) && isSameList(value, old, schema);
  if (typeof value !== 'object' || value === null) return jsonEqual(value, old);
  return typeof old === 'object' && old !== null && !Array.isArray(old) && isSameObject(value, old, schema);
}

function isSameList(items: readonly Json[], old: readonly Json[], schema: JsonSchema | undefined): boolean {
  if (items.length !== old.length) return false;
  const keys = schema === undefined ? [] : mapKeysOf(schema);
  if (schema === undefined || keys.length === 0) return jsonEqual(items as Json, old as Json);
  return items.every((item) => isUnchanged(item, correlatedItem(item, old as Json, keys), itemsOf(schema)));
}

function isSameObject(object: JsonObject, old: JsonObject, schema: JsonSchema | undefined): boolean {
  const names = Object.keys(object);
  if (names.length !== Object.keys(old).length) return false;
  return names.every((name) => {
    const described = schema && (propertyOf(schema, name) ?? additionalOf(schema));
    return described !== undefined && isUnchanged(object[name] as Json, old[name], described);
  });
}
