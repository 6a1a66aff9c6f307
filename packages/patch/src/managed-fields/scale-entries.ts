import type { Json, ManagedFieldsEntry } from '@keelson/machinery';
import { difference, type FieldSet, has, isEmpty, setOfPaths } from './field-set.js';
import { entrySet, type ManagedEntries, type ManagedEntry, managedEntry, storedEntries, withSet, writeEntries } from './managed-entries.js';
import { fieldElement, type PathElement } from './path-element.js';

const replicasInScale = pathOf('spec.replicas');

/** Where each served version of a resource has its replicas: `spec.replicas`; null for versions without scale. */
export type ReplicasPaths = ReadonlyMap<string, string | null>;

/** The managers of an object's replicas, as managers of its Scale in `scaleVersion`, which is mostly autoscaling/v1. */
export function toScaleEntries(
  managedFields: readonly ManagedFieldsEntry[] | undefined,
  scaleVersion: string,
  paths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const entries: ManagedEntries = new Map();
  for (const [identity, entry] of storedEntries(managedFields as Json | undefined)) {
    const path = paths.get(entry.apiVersion);
    if (path && has(entrySet(entry), pathOf(path))) entries.set(identity, entryAt(entry, scaleVersion, setOfPaths([replicasInScale])));
  }
  return writeEntries(entries);
}

/** The managers of an object after a write to its Scale: replicas belong to whom the Scale says. */
export function fromScaleEntries(
  managedFields: readonly ManagedFieldsEntry[] | undefined,
  scaleFields: readonly ManagedFieldsEntry[] | undefined,
  apiVersion: string,
  paths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const parents = storedEntries(managedFields as Json | undefined);
  const scales = storedEntries(scaleFields as Json | undefined);
  const entries: ManagedEntries = new Map();
  for (const [identity, entry] of parents) {
    const path = paths.get(entry.apiVersion);
    if (path === undefined) continue;
    const hasReplicas = path !== null && has(entrySet(entry), pathOf(path));
    const kept = !hasReplicas || scales.delete(identity) ? entry : withoutPath(entry, pathOf(path));
    if (!isEmpty(entrySet(kept))) entries.set(identity, kept);
  }
  const replicas = paths.get(apiVersion);
  for (const [identity, entry] of scales) {
    if (!replicas || !has(entrySet(entry), replicasInScale)) continue;
    // A manager that is new to the object has no time: Kubernetes records none.
    const { time: _, ...timeless } = entryAt(entry, apiVersion, setOfPaths([pathOf(replicas)]));
    const time = parents.get(identity)?.time;
    entries.set(identity, time === undefined ? timeless : { ...timeless, time });
  }
  return writeEntries(entries);
}

function withoutPath(entry: ManagedEntry, path: readonly PathElement[]): ManagedEntry {
  return withSet(entry, difference(entrySet(entry), setOfPaths([path])));
}

/** With its members in their order: messages show them. */
function entryAt(entry: ManagedEntry, apiVersion: string, set: FieldSet): ManagedEntry {
  const { manager = '', operation, subresource = '', time } = entry;
  return managedEntry({ manager, operation, apiVersion, subresource }, set, time);
}

function pathOf(path: string): PathElement[] {
  return path.replace(/^\./, '').split('.').map(fieldElement);
}
