import type { CelType } from '../types/type.js';
import { elementAt, findEntry, isList, isMapping, listSize, mapKeys } from '../values/collections.js';
import { isInt } from '../values/int.js';
import { runtimeType } from '../values/runtime-type.js';
import type { CelValue } from '../values/value.js';

/**
 * Whether a value can be an argument of a type. Of lists and maps only the first element is looked at: the type
 * checker has seen to the rest, where it could.
 */
export function accepts(type: CelType): (value: CelValue) => boolean {
  switch (type.kind) {
    case 'dyn':
    case 'any':
    case 'parameter':
      return () => true;
    case 'string':
      return (value) => typeof value === 'string';
    case 'bool':
      return (value) => typeof value === 'boolean';
    case 'int':
      return isInt;
    case 'list':
      return acceptsList(accepts(type.parameters[0] as CelType));
    case 'map':
      return acceptsMap(accepts(type.parameters[0] as CelType), accepts(type.parameters[1] as CelType));
    default:
      return (value) => runtimeType(value).name === type.name;
  }
}

function acceptsList(element: (value: CelValue) => boolean): (value: CelValue) => boolean {
  return (value) => isList(value) && (listSize(value) === 0 || element(elementAt(value, 0)));
}

function acceptsMap(key: (value: CelValue) => boolean, entry: (value: CelValue) => boolean): (value: CelValue) => boolean {
  return (value) => {
    if (!isMapping(value) || runtimeType(value).kind !== 'map') return false;
    for (const first of mapKeys(value)) return key(first) && entry(findEntry(value, first) ?? null);
    return true;
  };
}
