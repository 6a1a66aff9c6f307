import type { JsonObject } from '@keelson/machinery';
import { isJsonObject } from '../json/own-property.js';

/** The object without `metadata.managedFields`; itself where it has none. The rest is shared. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isJsonObject(metadata) || metadata.managedFields === undefined) return object;
  // Taken off a copy: to leave a member out while copying costs many times as much.
  const rest = { ...metadata };
  delete rest.managedFields;
  return { ...object, metadata: rest };
}
