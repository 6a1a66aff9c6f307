import type { Json, JsonObject } from '@keelson/machinery';
import { getOwn, setOwn } from '../json/own-property.js';
import { type FieldSet, isMember } from '../managed-fields/field-set.js';
import { listElement } from '../managed-fields/list-element.js';
import { anyType, type ListType, type MergeType, type StructType } from '../managed-fields/merge-type.js';
import { selfElement } from '../managed-fields/path-element.js';
import { typeBelow } from '../managed-fields/reconcile.js';

/** A copy without the fields and items of `set`. What loses its last member becomes null. */
export function removeItems(object: JsonObject, set: FieldSet, type: StructType): JsonObject {
  return (removeBelow(object, set, type) ?? {}) as JsonObject;
}

function removeBelow(value: Json, set: FieldSet, type: MergeType): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isWhole(type)) return null;
  if (Array.isArray(value)) return type.form === 'list' ? removeFromList(value, set, type) : null;
  return removeFromObject(value, set, type);
}

function removeFromObject(object: JsonObject, set: FieldSet, type: MergeType): Json {
  let result: JsonObject | undefined;
  for (const element in set) {
    const name = element.slice(2);
    const value = element === selfElement ? undefined : getOwn(object, name);
    if (value === undefined) continue;
    const node = set[element] as FieldSet;
    const kept = isMember(node) ? undefined : removeBelow(value, node, typeBelow(type, element) ?? anyType);
    if (kept === value) continue;
    result ??= { ...object };
    if (kept === undefined) delete result[name];
    else setOwn(result, name, kept);
  }
  if (!result) return object;
  return Object.keys(result).length > 0 ? result : null;
}

function removeFromList(list: Json[], set: FieldSet, type: ListType): Json {
  const result: Json[] = [];
  let changed = false;
  for (const item of list) {
    const node = set[listElement(item, type)];
    const kept = node && (isMember(node) ? undefined : removeBelow(item, node, type.items));
    changed ||= node !== undefined && kept !== item;
    if (!node) result.push(item);
    else if (kept !== undefined) result.push(kept);
  }
  if (!changed) return list;
  return result.length > 0 ? result : null;
}

function isWhole(type: MergeType): boolean {
  if (type.form === 'list') return type.relation === 'atomic';
  return type.form === 'opaque' || ((type.form === 'struct' || type.form === 'map') && type.atomic);
}

/**
 * The set with every declared field on the way to a member added. Such fields are not recorded in sets, but go when
 * all in them goes.
 */
export function withNamedFields(set: FieldSet, type: MergeType | undefined): FieldSet {
  const result: { [element: string]: FieldSet } = {};
  for (const element in set) {
    const node = set[element] as FieldSet;
    if (element === selfElement) {
      result[element] = node;
      continue;
    }
    const below = withNamedFields(node, type && typeBelow(type, element));
    const named = type?.form === 'struct' && type.field(element.slice(2)) !== undefined && !isMember(node);
    result[element] = named ? { [selfElement]: {}, ...below } : below;
  }
  return result;
}
