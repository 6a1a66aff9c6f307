import { type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import type { JsonSchema } from './json-schema.js';

/** What the items of a list are known by; nothing where they are known by their place. */
export function mapKeysOf(schema: JsonSchema): readonly string[] {
  return schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [];
}

/** The item of an older list with the same keys; undefined where there is none, or nothing that items are known by. */
export function correlatedItem(item: Json, list: Json | undefined, keys: readonly string[]): Json | undefined {
  if (keys.length === 0 || !Array.isArray(list) || !isObject(item)) return undefined;
  return list.find((old) => isObject(old) && keys.every((key) => sameMember(old, item, key)));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameMember(a: JsonObject, b: JsonObject, name: string): boolean {
  const [left, right] = [a[name], b[name]];
  return left === undefined || right === undefined ? left === right : jsonEqual(left, right);
}
