import { type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { getOwn, isJsonObject } from '../json/own-property.js';
import { managedFieldsOf } from './managed-entries.js';

/**
 * True when a write changes nothing but times in managedFields: the live object's entries should then be kept, so
 * that nothing is stored. Managers that came or went, and what they own, do count as changes.
 */
export function onlyTimesChanged(live: JsonObject, object: JsonObject): boolean {
  const [before, after] = [managedFieldsOf(live.metadata), managedFieldsOf(object.metadata)];
  if (!Array.isArray(before) || !Array.isArray(after) || before.length === 0 || before.length !== after.length) return false;
  // Most writes change the metadata or what is owned, both of which is soon found out.
  return (
    equalBut('managedFields', live.metadata, object.metadata) &&
    before.every((entry, i) => equalBut('time', entry, after[i])) &&
    equalBut('metadata', live, object)
  );
}

/** `jsonEqual`, whatever one member says. */
function equalBut(passedOver: string, a: Json | undefined, b: Json | undefined): boolean {
  if (!isJsonObject(a) || !isJsonObject(b)) return jsonEqual(a ?? null, b ?? null);
  for (const key in a) {
    if (key === passedOver) continue;
    const right = getOwn(b, key);
    if (right === undefined || !jsonEqual(a[key] as Json, right)) return false;
  }
  for (const key in b) if (key !== passedOver && !Object.hasOwn(a, key)) return false;
  return true;
}
