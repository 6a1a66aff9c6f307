import { type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { isJsonObject } from '../json/own-property.js';
import { managedFieldsOf } from './managed-entries.js';

/**
 * True when a write changes nothing but times in managedFields: the live object's entries should then be kept, so
 * that nothing is stored. Managers that came or went, and what they own, do count as changes.
 */
export function onlyTimesChanged(live: JsonObject, object: JsonObject): boolean {
  const [before, after] = [managedFieldsOf(live.metadata), managedFieldsOf(object.metadata)];
  if (!Array.isArray(before) || !Array.isArray(after) || before.length === 0 || before.length !== after.length) return false;
  if (!before.every((entry, i) => jsonEqual(without(entry, 'time'), without(after[i] as Json, 'time')))) return false;
  return jsonEqual(withoutManagedFields(live), withoutManagedFields(object));
}

function withoutManagedFields(object: JsonObject): JsonObject {
  return { ...object, metadata: without(object.metadata ?? {}, 'managedFields') };
}

function without(value: Json, member: string): Json {
  if (!isJsonObject(value)) return value;
  const { [member]: _, ...rest } = value;
  return rest;
}
