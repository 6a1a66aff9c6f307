import { CelType } from '../types/type.js';
import { formatDouble } from './number-format.js';
import { CelList, CelMap, type CelValue, Double, Optional, Uint } from './value.js';

/** A value as error messages show it. */
export function display(value: CelValue): string {
  if (typeof value === 'object' && value !== null) return displayObject(value);
  return String(value);
}

function displayObject(value: object): string {
  if (value instanceof Double) return formatDouble(value.value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof CelType) return value.name;
  if (value instanceof Optional) return value.value === undefined ? 'optional.none()' : `optional(${display(value.value)})`;
  if (Array.isArray(value)) return `[${value.map((element) => display(element)).join(', ')}]`;
  if (value instanceof CelList) return `[${Array.from({ length: value.size }, (_, i) => display(value.at(i))).join(', ')}]`;
  if (value instanceof CelMap) return `{${[...value.keys()].map((key) => entry(key, value.find(key) ?? null)).join(', ')}}`;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => entry(key, inner))
    .join(', ')}}`;
}

function entry(key: CelValue, value: CelValue): string {
  return `${display(key)}: ${display(value)}`;
}
