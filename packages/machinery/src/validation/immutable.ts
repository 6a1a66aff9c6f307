import { type FieldError, invalidField } from '../field/field-error.js';
import type { FieldPath } from '../field/path.js';
import { formatJson } from '../json/format-json.js';
import { rawTextOf } from '../meta/raw-text.js';

/** A field that keeps its first value, by `semanticallyEqual`. */
export function validateImmutable(value: unknown, old: unknown, path: FieldPath): FieldError[] {
  return semanticallyEqual(value, old) ? [] : [invalidField(path, value, 'field is immutable')];
}

/**
 * Equality of JSON values as validation sees it: null and an empty list are as good as absent, at any depth. An empty
 * object is not, for it may choose something (`emptyDir: {}`), and neither are zero and the empty string. What is passed
 * on as it came is equal when its text is.
 */
export function semanticallyEqual(a: unknown, b: unknown): boolean {
  if (a === b || (isAbsent(a) && isAbsent(b))) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => semanticallyEqual(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const [textOfA, textOfB] = [rawTextOf(a), rawTextOf(b)];
  if (textOfA !== undefined || textOfB !== undefined) return (textOfA ?? formatJson(a)) === (textOfB ?? formatJson(b));
  for (const key in a) if (!semanticallyEqual(a[key], own(b, key))) return false;
  for (const key in b) if (!Object.hasOwn(a, key) && !isAbsent(b[key])) return false;
  return true;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
