import { elements, findEntry, isList, isMapping, mapKeys } from './collections.js';
import { Duration } from './duration.js';
import { EvaluationError } from './evaluation-error.js';
import { isInt } from './int.js';
import { runtimeType } from './runtime-type.js';
import { Timestamp } from './timestamp.js';
import { type CelValue, Double, Uint } from './value.js';

/** A value as JSON. Throws for values that have no form there. */
export function toJson(value: CelValue): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (isInt(value)) return Number(value);
  if (value instanceof Double) return value.value;
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Timestamp || value instanceof Duration) return String(value);
  if (isList(value)) return Array.from(elements(value), toJson);
  if (isMapping(value))
    return Object.fromEntries(Array.from(mapKeys(value), (key) => [keyText(key), toJson(findEntry(value, key) ?? null)]));
  throw new EvaluationError(`unsupported type in JSON: ${runtimeType(value).name}`);
}

function keyText(key: CelValue): string {
  if (typeof key === 'string') return key;
  if (isInt(key) || typeof key === 'boolean') return String(key);
  if (key instanceof Uint) return String(key.value);
  throw new EvaluationError(`unsupported type of key in JSON: ${runtimeType(key).name}`);
}
