import type { Json, JsonObject } from '../meta/object.js';
import { Decimal } from './decimal.js';

/** Deep equality of JSON values; the order of keys does not matter. A decimal equals what has the same text. */
export function jsonEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && arraysEqual(a, b);
  if (isDecimal(a) || isDecimal(b)) return isNumber(a) && isNumber(b) && String(a) === String(b);
  if (!isObject(a) || !isObject(b)) return false;
  let surplus = 0;
  for (const key in a) {
    const left = a[key] as Json;
    const right = Object.hasOwn(b, key) ? b[key] : undefined;
    if (right === undefined || (left !== right && !jsonEqual(left, right))) return false;
    surplus--;
  }
  for (const _ in b) surplus++;
  return surplus === 0;
}

function arraysEqual(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!jsonEqual(a[i] as Json, b[i] as Json)) return false;
  }
  return true;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDecimal(value: unknown): value is Decimal {
  return value instanceof Decimal;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || isDecimal(value);
}
