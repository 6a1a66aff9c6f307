import { BOOL, BYTES, CelType, DOUBLE, DURATION, INT, LIST, MAP, NULL, OPTIONAL, STRING, TIMESTAMP, TYPE, UINT } from '../types/type.js';
import { Duration } from './duration.js';
import { Timestamp } from './timestamp.js';
import { CelList, CelMap, type CelValue, Double, Opaque, Optional, Uint } from './value.js';

/** The type of a value, without what lists and maps hold. */
export function runtimeType(value: CelValue): CelType {
  switch (typeof value) {
    case 'boolean':
      return BOOL;
    case 'string':
      return STRING;
    case 'number':
    case 'bigint':
      return INT;
    default:
      return value === null ? NULL : objectType(value);
  }
}

function objectType(value: object): CelType {
  if (Array.isArray(value) || value instanceof CelList) return LIST;
  if (value instanceof CelMap) return value.type ?? MAP;
  if (value instanceof Double) return DOUBLE;
  if (value instanceof Opaque) return value.type;
  if (value instanceof Optional) return OPTIONAL;
  if (value instanceof Timestamp) return TIMESTAMP;
  if (value instanceof Duration) return DURATION;
  if (value instanceof Uint) return UINT;
  if (value instanceof Uint8Array) return BYTES;
  return value instanceof CelType ? TYPE : MAP;
}
