import type { Json, JsonObject } from '@keelson/machinery';
import { isJsonObject } from '../json/own-property.js';
import { memberType } from './describe-misfit.js';
import { listItemProblem } from './list-element.js';
import type { ListType, MergeType, ScalarType, StructType } from './merge-type.js';

/**
 * Whether an object that is not applied, but written otherwise, fits its schema. It may have items twice. Every write of a custom
 * resource asks: nothing is made for that.
 */
export function fits(value: Json, type: MergeType): boolean {
  if (value === null) return true;
  switch (type.form) {
    case 'any':
    case 'opaque':
      return true;
    case 'scalar':
      return fitsScalar(value, type);
    case 'list':
      return Array.isArray(value) && fitsList(value, type);
    case 'map':
      return isJsonObject(value) && everyMember(value, () => type.values);
    case 'struct':
      return isJsonObject(value) && fitsStruct(value, type);
  }
}

const scalarTypes: Readonly<Record<'string' | 'boolean', string>> = { string: 'string', boolean: 'boolean' };

function fitsScalar(value: Json, { scalar }: ScalarType): boolean {
  if (scalar === 'untyped') return typeof value !== 'object';
  if (scalar === 'numeric') return typeof value === 'number' || typeof value === 'bigint';
  return typeof value === scalarTypes[scalar];
}

function fitsStruct(object: JsonObject, type: StructType): boolean {
  return everyMember(object, (name) => memberType(type, name));
}

function everyMember(object: JsonObject, typeOf: (name: string) => MergeType | undefined): boolean {
  for (const name in object) {
    const type = typeOf(name);
    if (type === undefined || !fits(object[name] as Json, type)) return false;
  }
  return true;
}

function fitsList(list: readonly Json[], type: ListType): boolean {
  return list.every((item) => (type.relation === 'atomic' || listItemProblem(item, type) === undefined) && fits(item, type.items));
}
