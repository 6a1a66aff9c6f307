import { duplicate, type FieldError, type FieldPath, formatJson, invalidField, type Json, type JsonObject, path } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema, sortedJson } from '@keelson/schema';

/** Items of lists that are sets or maps are told apart by themselves or by their keys. */
export function validateUniqueItems(value: Json, schema: JsonSchema, at?: FieldPath): FieldError[] {
  if (Array.isArray(value)) return validateList(value, schema, at ?? path(''));
  if (typeof value !== 'object' || value === null) return [];
  const additional = additionalOf(schema);
  return Object.keys(value).flatMap((name) => {
    const property = schema.properties?.[name];
    const member = value[name] as Json;
    if (property !== undefined) return validateUniqueItems(member, property, at?.child(name) ?? path(name));
    return additional === undefined ? [] : validateUniqueItems(member, additional, at?.key(name) ?? path(name));
  });
}

function validateList(list: readonly Json[], schema: JsonSchema, at: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const below = items === undefined ? [] : list.flatMap((item, i) => validateUniqueItems(item, items, at.index(i)));
  return [...below, ...validateDistinct(list, schema, items, at)];
}

function validateDistinct(list: readonly Json[], schema: JsonSchema, items: JsonSchema | undefined, at: FieldPath): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'set') return duplicates(list, at, (item) => item);
  if (listType !== 'map') return [];
  const odd = list.findIndex((item) => item !== null && (typeof item !== 'object' || Array.isArray(item)));
  if (odd >= 0) return [invalidField(at.index(odd), list[odd], 'must be an object for an array of list-type map')];
  return duplicates(list, at, (item) => keysOf(item, schema['x-kubernetes-list-map-keys'] ?? [], items));
}

/** Every further item of the same identity is reported, each identity once for the place of its second item. */
function duplicates(list: readonly Json[], at: FieldPath, identity: (item: Json) => Json | undefined): FieldError[] {
  const times = new Map<string, number>();
  const errors: FieldError[] = [];
  for (const [i, item] of list.entries()) {
    const key = identity(item);
    if (key === undefined) continue;
    const text = formatJson(sortedJson(key));
    const seen = (times.get(text) ?? 0) + 1;
    times.set(text, seen);
    if (seen === 2) errors.push(duplicate(at.index(i), key));
  }
  return errors;
}

function keysOf(item: Json, keys: readonly string[], items: JsonSchema | undefined): JsonObject | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const found: JsonObject = {};
  for (const key of keys) {
    const value = Object.hasOwn(item, key) ? item[key] : (items?.properties?.[key]?.default as Json | undefined);
    if (value !== undefined) found[key] = value;
  }
  return found;
}
