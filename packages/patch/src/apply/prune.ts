import type { JsonObject } from '@keelson/machinery';
import { difference, emptySet, type FieldSet, intersection, isEmpty, union } from '../managed-fields/field-set.js';
import { entrySet, type ManagedEntries, type ManagedEntry } from '../managed-fields/managed-entries.js';
import { objectType, type StructType } from '../managed-fields/merge-type.js';
import type { RequestVersion } from '../managed-fields/versions.js';
import { appliedSet } from './applied-set.js';
import { removeItems, withNamedFields } from './remove-items.js';

/** One version of the object being pruned, and the way there and back. */
interface PrunedVersion {
  readonly type: StructType;
  convert(object: JsonObject): JsonObject;
  restore(object: JsonObject): JsonObject;
}

/**
 * Removes what the manager applied last time and not this time, unless another manager owns it. `entries` already
 * hold what it applies now.
 */
export function pruneAbandoned(merged: JsonObject, last: ManagedEntry | undefined, entries: ManagedEntries, request: RequestVersion): JsonObject {
  if (!last || isAllManaged(entrySet(last), last.apiVersion, entries)) return merged;
  const version = prunedVersion(last.apiVersion, request);
  if (!version) return merged;
  const { type } = version;
  const before = version.convert(merged);
  const abandoned = withNamedFields(entrySet(last), type);
  const bare = removeItems(before, abandoned, type);
  const kept = version.convert(restoreOwned(merged, version.restore(bare), last.apiVersion, entries, request));
  const gone = difference(namedFieldsOf(before, type), namedFieldsOf(kept, type));
  return version.restore(removeItems(before, intersection(gone, abandoned), type));
}

/** Nothing is abandoned when the applier still owns all it had. */
function isAllManaged(last: FieldSet, apiVersion: string, entries: ManagedEntries): boolean {
  for (const entry of entries.values()) {
    if (entry.operation === 'Apply' && entry.apiVersion === apiVersion && isEmpty(difference(last, entrySet(entry)))) return true;
  }
  return false;
}

/** Brings back, version by version, what any manager owns. */
function restoreOwned(
  merged: JsonObject,
  pruned: JsonObject,
  firstVersion: string,
  entries: ManagedEntries,
  request: RequestVersion,
): JsonObject {
  const owned = new Map([[firstVersion, emptySet]]);
  for (const entry of entries.values()) {
    owned.set(entry.apiVersion, union(owned.get(entry.apiVersion) ?? emptySet, entrySet(entry)));
  }
  let result = pruned;
  for (const [apiVersion, set] of owned) {
    const version = prunedVersion(apiVersion, request);
    if (!version) continue;
    const { type } = version;
    const before = version.convert(merged);
    const keep = union(namedFieldsOf(version.convert(result), type), withNamedFields(set, type));
    result = version.restore(removeItems(before, difference(namedFieldsOf(before, type), keep), type));
  }
  return result;
}

function namedFieldsOf(object: JsonObject, type: StructType): FieldSet {
  return withNamedFields(appliedSet(object, type), type);
}

/** Undefined when the version is no longer served. Without a lookup all versions are taken to be alike. */
function prunedVersion(apiVersion: string, request: RequestVersion): PrunedVersion | undefined {
  if (apiVersion === request.apiVersion || !request.otherVersion) {
    return { type: objectType(request.type), convert: (object) => object, restore: (object) => object };
  }
  const view = request.otherVersion(apiVersion);
  return view && { type: objectType(view.type), convert: (object) => view.convert(object), restore: (object) => view.restore(object) };
}
