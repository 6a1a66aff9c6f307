import type { Json } from '@keelson/machinery';
import { getOwn, isJsonObject } from './own-property.js';

/** Deep equality of JSON values; the order of keys does not matter. */
export function jsonEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && arraysEqual(a, b);
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    const left = a[key] as Json;
    const right = getOwn(b, key);
    if (right === undefined || (left !== right && !jsonEqual(left, right))) return false;
  }
  return true;
}

function arraysEqual(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!jsonEqual(a[i] as Json, b[i] as Json)) return false;
  }
  return true;
}
