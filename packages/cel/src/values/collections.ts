import { display } from './display.js';
import { EvaluationError } from './evaluation-error.js';
import { type Int, isInt, losslessInt } from './int.js';
import { runtimeType } from './runtime-type.js';
import { CelList, CelMap, type CelValue, Double, isJsonMap, type JsonMap, Uint } from './value.js';

export type List = readonly unknown[] | CelList;
export type Mapping = CelMap | JsonMap;

/** The CEL value of a value inside JSON. Values of CEL are themselves. */
export function fromJson(value: unknown): CelValue {
  if (typeof value !== 'number') return (value ?? null) as CelValue;
  if (Number.isSafeInteger(value)) return value;
  return losslessInt(value) ?? new Double(value);
}

export function isList(value: CelValue): value is List {
  return Array.isArray(value) || value instanceof CelList;
}

export function isMapping(value: CelValue): value is Mapping {
  return value instanceof CelMap || isJsonMap(value);
}

export function listSize(list: List): number {
  return list instanceof CelList ? list.size : list.length;
}

/** `index` is within the list. */
export function elementAt(list: List, index: number): CelValue {
  return list instanceof CelList ? list.at(index) : fromJson(list[index]);
}

export function* elements(list: List): Generator<CelValue> {
  const size = listSize(list);
  for (let i = 0; i < size; i++) yield elementAt(list, i);
}

/** Undefined when the index is beyond the list. Throws when the value can be no index. */
export function findElement(list: List, index: CelValue): CelValue | undefined {
  const number = indexOf(index);
  if (number < 0 || number >= listSize(list)) return undefined;
  if (list instanceof CelList && list.indexedByInt && !isInt(index)) throw new EvaluationError(`unsupported index: ${display(index)}`);
  return elementAt(list, Number(number));
}

function indexOf(index: CelValue): Int {
  if (isInt(index)) return index;
  const lossless = index instanceof Double ? losslessInt(index.value) : index instanceof Uint ? index.value : undefined;
  if (lossless !== undefined) return lossless;
  const numeric = index instanceof Double || index instanceof Uint;
  throw new EvaluationError(
    numeric ? `unsupported index value ${display(index)} in list` : `unsupported index type '${runtimeType(index).name}' in list`,
  );
}

export function mapSize(map: Mapping): number {
  if (map instanceof CelMap) return map.size;
  let size = 0;
  for (const key in map) if (Object.hasOwn(map, key) && map[key] !== undefined) size++;
  return size;
}

/** Undefined where there is no such key. */
export function findEntry(map: Mapping, key: CelValue): CelValue | undefined {
  if (map instanceof CelMap) return map.find(key);
  if (typeof key !== 'string' || !Object.hasOwn(map, key)) return undefined;
  const value = map[key];
  return value === undefined ? undefined : fromJson(value);
}

export function mapKeys(map: Mapping): Iterable<CelValue> {
  return map instanceof CelMap ? map.keys() : Object.keys(map).filter((key) => map[key] !== undefined);
}
