import { CelType } from '../types/type.js';
import { elementAt, findEntry, isList, isMapping, type List, listSize, type Mapping, mapKeys, mapSize } from './collections.js';
import { equalNumbers, isNumeric } from './compare.js';
import { Duration } from './duration.js';
import { Timestamp } from './timestamp.js';
import { CelList, CelMap, type CelValue, Opaque, Optional } from './value.js';

/** Equality as `==` has it: values of different types are unequal, but numbers are equal by value. */
export function equal(a: CelValue, b: CelValue): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || a === null || b === null || typeof a === 'boolean') return false;
  if (isNumeric(a)) return isNumeric(b) && equalNumbers(a, b);
  const special = a instanceof CelList || a instanceof CelMap ? a.equals(b) : undefined;
  if (special !== undefined) return special;
  if (isList(a)) return isList(b) && equalLists(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Timestamp) return b instanceof Timestamp && a.seconds === b.seconds && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof CelType) return b instanceof CelType && a.name === b.name;
  if (a instanceof Optional) return b instanceof Optional && equalOptionals(a, b);
  if (a instanceof Opaque) return a.equals(b);
  return isMapping(b) && equalMaps(a as Mapping, b);
}

function equalLists(a: List, b: List): boolean {
  const size = listSize(a);
  if (size !== listSize(b)) return false;
  for (let i = 0; i < size; i++) if (!equal(elementAt(a, i), elementAt(b, i))) return false;
  return true;
}

function equalMaps(a: Mapping, b: Mapping): boolean {
  if (mapSize(a) !== mapSize(b)) return false;
  for (const key of mapKeys(a)) {
    const other = findEntry(b, key);
    if (other === undefined || !equal(findEntry(a, key) as CelValue, other)) return false;
  }
  return true;
}

function equalOptionals(a: Optional, b: Optional): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equal(a.value, b.value);
}
