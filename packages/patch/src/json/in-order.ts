import type { Json, JsonObject } from '@keelson/machinery';
import { setOwn } from './own-property.js';

/** An object with its members in the order of their names, each mapped. */
export function inOrder(object: JsonObject, map: (member: Json) => Json = (member) => member): JsonObject {
  const result: JsonObject = {};
  for (const name of Object.keys(object).sort()) setOwn(result, name, map(object[name] as Json));
  return result;
}
