import { type Json, type JsonObject, jsonEqual, type ManagedFieldsEntry, parseGroupVersion } from '@keelson/machinery';
import { isJsonObject } from '../json/own-property.js';
import { capUpdateManagers } from './cap-managers.js';
import { difference, isEmpty, union } from './field-set.js';
import { fits } from './fits.js';
import { ListItemError } from './list-element.js';
import {
  asksForReset,
  entrySet,
  type ManagedEntries,
  managedEntry,
  managedFieldsOf,
  managerIdentity,
  sentEntries,
  storedEntries,
  withSet,
  writeEntries,
} from './managed-entries.js';
import { objectType } from './merge-type.js';
import { MisfitError } from './misfit-error.js';
import { reconcile } from './reconcile.js';
import { withoutServerFields } from './stripped-fields.js';
import { checkInVersions, type RequestVersion, VersionedComparisons } from './versions.js';

export interface UpdateTracking extends RequestVersion {
  /** The object as it is; absent when it is being created. */
  readonly live?: JsonObject | undefined;
  /** The object as the request wants it: decoded and defaulted, before admission changes it. */
  readonly object: JsonObject;
  /**
   * What an object of this kind is with nothing set, `codec.fromJson({})`: fields that are always printed are nobody's
   * while they are as empty as here. Custom resources have none.
   */
  readonly empty?: JsonObject | undefined;
  /** `fieldManager`, or the start of the user agent. */
  readonly manager: string;
  readonly subresource?: string | undefined;
  /** RFC 3339, whole seconds, UTC. */
  readonly now: string;
  /** `metadata.managedFields` as the client sent it, where decoding lost that it was an empty list. */
  readonly sent?: Json | undefined;
}

/**
 * Works out `metadata.managedFields` for a create, update or (non-apply) patch (KEP-555): the manager owns what it
 * changed, others lose what was changed or removed. Undefined means none. Neither object is changed.
 */
export function trackUpdate(tracking: UpdateTracking): ManagedFieldsEntry[] | undefined {
  const { live, object, sent } = tracking;
  const storedFields = managedFieldsOf(live?.metadata);
  const stored = storedEntries(storedFields);
  const replacement = tracking.subresource ? undefined : (sent ?? managedFieldsOf(object.metadata));
  const entries = sameFields(storedFields, replacement) ? new Map(stored) : entriesToStartFrom(stored, replacement);
  // Objects that nobody manages stay so until someone applies.
  if (entries.size === 0 && hasUid(live)) return undefined;
  // What is not as its schema says may yet be left out, or be refused: nobody knows any more whose what is.
  if (!isFitting(tracking)) return undefined;
  try {
    recordUpdate(entries, tracking);
  } catch (error) {
    // Nor where its items cannot be told apart, or where it is no object of a version that managers have used.
    if (error instanceof ListItemError || error instanceof MisfitError) return undefined;
    throw error;
  }
  return writeEntries(entries);
}

function isFitting({ unjudged, type, object, live }: UpdateTracking): boolean {
  return !unjudged || (fits(object, objectType(type)) && (live === undefined || fits(live, objectType(type))));
}

/** Clients that read, change and write back send what they got. */
function sameFields(stored: Json | undefined, sent: Json | undefined): boolean {
  return sent === undefined || (stored !== undefined && jsonEqual(stored, sent));
}

/** Clients may reset or replace the entries with a write to the object itself. */
function entriesToStartFrom(stored: ManagedEntries, sent: Json | undefined): ManagedEntries {
  if (asksForReset(sent)) return new Map();
  const replaced = sentEntries(sent, stored);
  return new Map(replaced && replaced.size > 0 ? replaced : stored);
}

/** Changes `entries` as the update demands. */
export function recordUpdate(entries: ManagedEntries, tracking: UpdateTracking): void {
  const { live, object, empty = {}, apiVersion, manager, subresource = '', now } = tracking;
  if (live) checkInVersions(live, entries.values(), tracking);
  const comparisons = new VersionedComparisons(live ?? empty, object, tracking);
  disown(entries, comparisons);
  const { changed } = comparisons.requested;
  const owned = withoutServerFields(changed);
  if (!isEmpty(owned)) {
    const info = { manager: manager || 'unknown', operation: 'Update', apiVersion, subresource } as const;
    const identity = managerIdentity(info);
    const previous = entries.get(identity);
    entries.set(identity, managedEntry(info, previous ? union(entrySet(previous), owned) : owned, now));
  }
  capUpdateManagers(entries);
}

/** Takes away from every manager what the write changed or removed. */
function disown(entries: ManagedEntries, comparisons: VersionedComparisons): void {
  for (const [identity, entry] of entries) {
    if (parseGroupVersion(entry.apiVersion) === undefined) throw new MisfitError(`unexpected GroupVersion string: ${entry.apiVersion}`);
    const type = comparisons.typeOf(entry.apiVersion);
    if (!type) {
      entries.delete(identity);
      continue;
    }
    const { changed, removed } = comparisons.in(entry.apiVersion);
    const set = difference(difference(reconcile(entrySet(entry), type), changed), removed);
    if (isEmpty(set)) entries.delete(identity);
    else entries.set(identity, withSet(entry, set));
  }
}

function hasUid(object: JsonObject | undefined): boolean {
  const metadata = object?.metadata;
  return isJsonObject(metadata) && typeof metadata.uid === 'string' && metadata.uid !== '';
}
