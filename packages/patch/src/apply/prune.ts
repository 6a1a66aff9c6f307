import type { JsonObject } from '@keelson/machinery';
import { difference, emptySet, type FieldSet, isEmpty, union } from '../managed-fields/field-set.js';
import { entrySet, type ManagedEntries, type ManagedEntry } from '../managed-fields/managed-entries.js';
import { objectType, type StructType } from '../managed-fields/merge-type.js';
import { fittingIn } from '../managed-fields/misfit-error.js';
import { convertTo, type RequestVersion, restoreFrom } from '../managed-fields/versions.js';
import { appliedSet } from './applied-set.js';
import { removeItems, withNamedFields } from './remove-items.js';

/** A version of the object being pruned, and the way there and back. */
interface PrunedVersion {
  readonly type: StructType;
  convert(object: JsonObject): JsonObject;
  restore(object: JsonObject): JsonObject;
}

/**
 * Removes what the manager applied last time and not this time, unless another manager owns it; with an object goes
 * all in it that nobody owns. `entries` already hold what the manager applies now.
 */
export function pruneAbandoned(
  merged: JsonObject,
  last: ManagedEntry | undefined,
  entries: ManagedEntries,
  request: RequestVersion,
): JsonObject {
  const version = last && prunedVersion(last.apiVersion, request);
  if (!version) return merged;
  const converted = fittingIn('failed to convert merged object to last applied version: ', () => version.convert(merged));
  const owned = fittingIn('failed add back owned items: ', () => ownedFields(merged, entries, version, request));
  const abandoned = difference(withNamedFields(entrySet(last), version.type), owned);
  if (isEmpty(abandoned)) return merged;
  return version.restore(removeItems(converted, abandoned, version.type));
}

/** What anybody owns, as fields of `version`. */
function ownedFields(merged: JsonObject, entries: ManagedEntries, version: PrunedVersion, request: RequestVersion): FieldSet {
  let owned = emptySet;
  for (const entry of entries.values()) {
    const other = prunedVersion(entry.apiVersion, request);
    if (!other) continue;
    const set = withNamedFields(entrySet(entry), other.type);
    const where = `failed to convert merged object at version ${entry.apiVersion}: `;
    owned = union(owned, other.type === version.type ? set : fittingIn(where, () => translate(set, merged, other, version)));
  }
  return owned;
}

/** The set in another version: the fields that are there when the object is reduced to the set and converted. */
function translate(set: FieldSet, merged: JsonObject, from: PrunedVersion, to: PrunedVersion): FieldSet {
  const object = from.convert(merged);
  const reduced = removeItems(object, difference(namedFieldsOf(object, from.type), set), from.type);
  return namedFieldsOf(to.convert(from.restore(reduced)), to.type);
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
  return (
    view && {
      type: objectType(view.type),
      convert: (object) => convertTo(view, object, request),
      restore: (object) => restoreFrom(view, object, request),
    }
  );
}
