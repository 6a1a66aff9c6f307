import { union } from './field-set.js';
import { entrySet, type ManagedEntries, type ManagedEntry, managedEntry, managerIdentity } from './managed-entries.js';

/** Most managers that may have an `Update` entry. */
const maxUpdateManagers = 10;
const oldUpdatesManager = 'ancient-changes';

/** Merges the oldest `Update` entries of a version into one when there are too many. Changes `entries`. */
export function capUpdateManagers(entries: ManagedEntries): void {
  if (entries.size <= maxUpdateManagers) return;
  const updaters = [...entries].filter(([, entry]) => entry.operation === 'Update');
  let excess = updaters.length - maxUpdateManagers;
  if (excess <= 0) return;
  const oldestOfVersion = new Map<string, string>();
  for (const [identity, entry] of updaters.sort(byAge)) {
    if (excess <= 0) return;
    const oldest = oldestOfVersion.get(entry.apiVersion);
    if (oldest === undefined) {
      oldestOfVersion.set(entry.apiVersion, identity);
    } else {
      collapse(entries, oldest, identity, entry);
      excess--;
    }
  }
}

/** The first of a version only moves into the bucket when a second one joins it. */
function collapse(entries: ManagedEntries, oldest: string, identity: string, entry: ManagedEntry): void {
  const info = { manager: oldUpdatesManager, operation: 'Update', apiVersion: entry.apiVersion, subresource: '' } as const;
  const bucket = managerIdentity(info);
  const collapsed = entries.get(bucket) ?? entries.get(oldest);
  if (!entries.has(bucket)) entries.delete(oldest);
  entries.delete(identity);
  const set = collapsed ? union(entrySet(collapsed), entrySet(entry)) : entrySet(entry);
  entries.set(bucket, managedEntry(info, set, entry.time));
}

function byAge([identityA, a]: [string, ManagedEntry], [identityB, b]: [string, ManagedEntry]): number {
  const [timeA, timeB] = [a.time ?? '', b.time ?? ''];
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return identityA < identityB ? -1 : 1;
}
