import { type Json, jsonEqual, type ManagedFieldsEntry } from '@keelson/machinery';
import { isJsonObject } from '../json/own-property.js';
import type { FieldSet } from './field-set.js';
import { readFieldsV1 } from './fields-v1.js';

/** One manager's entry with its set. */
export interface ManagedEntry extends ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly fieldsV1: Record<string, unknown>;
}

/** Entries by `managerIdentity`: one for each manager, operation and subresource, and for updates each version. */
export type ManagedEntries = Map<string, ManagedEntry>;

export interface ManagerInfo {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

/** What JSON text would have to escape. */
const escaped = /[^ !#-[\]-\ud7ff]/;

/** Tells managers apart. Applying through another version is still the same manager. In the form that puts them in Kubernetes' order. */
export function managerIdentity(info: Pick<ManagedEntry, 'operation' | 'apiVersion'> & { manager?: string; subresource?: string }): string {
  const { manager, operation, apiVersion, subresource } = info;
  if (operation === 'Update' && manager && !subresource && !escaped.test(manager) && !escaped.test(apiVersion))
    return `{"manager":"${manager}","operation":"Update","apiVersion":"${apiVersion}"}`;
  return JSON.stringify({
    manager: manager || undefined,
    operation,
    apiVersion: operation === 'Update' ? apiVersion : undefined,
    subresource: subresource || undefined,
  });
}

export function managedEntry(info: ManagerInfo, set: FieldSet, time?: string): ManagedEntry {
  const { manager, operation, apiVersion, subresource } = info;
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: set,
    ...(subresource !== '' && { subresource }),
  };
}

export function entrySet(entry: ManagedEntry): FieldSet {
  return entry.fieldsV1 as FieldSet;
}

export function withSet(entry: ManagedEntry, set: FieldSet): ManagedEntry {
  return set === entry.fieldsV1 ? entry : { ...entry, fieldsV1: set };
}

/** Entries of a stored object, which were checked when they were written. */
export function storedEntries(managedFields: Json | undefined): ManagedEntries {
  return readEntries(managedFields, (fields) => (isJsonObject(fields) ? (fields as FieldSet) : {})) ?? new Map();
}

/**
 * Entries that a client sent; undefined when any of them is invalid, which Kubernetes ignores silently. Sets that are as
 * the `stored` ones need not be read again.
 */
export function sentEntries(managedFields: Json | undefined, stored: ManagedEntries): ManagedEntries | undefined {
  try {
    return readEntries(managedFields, (fields, identity) => {
      const known = stored.get(identity)?.fieldsV1 as FieldSet | undefined;
      return known !== undefined && jsonEqual(known as Json, fields) ? known : readFieldsV1(fields);
    });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `[]` and `[{}]` ask the server to forget who manages what. */
export function asksForReset(managedFields: Json | undefined): boolean {
  if (!Array.isArray(managedFields)) return false;
  const [first] = managedFields;
  return managedFields.length === 0 || (managedFields.length === 1 && isJsonObject(first) && Object.keys(first).length === 0);
}

export function managedFieldsOf(metadata: Json | undefined): Json | undefined {
  return isJsonObject(metadata) ? metadata.managedFields : undefined;
}

/** In the order Kubernetes writes them; undefined when there are none. */
export function writeEntries(entries: ManagedEntries): ManagedFieldsEntry[] | undefined {
  if (entries.size === 0) return undefined;
  return [...entries.values()].sort(compareEntries);
}

function readEntries(managedFields: Json | undefined, readSet: (fields: Json, identity: string) => FieldSet): ManagedEntries | undefined {
  const entries: ManagedEntries = new Map();
  if (!Array.isArray(managedFields)) return entries;
  for (const sent of managedFields) {
    if (!isJsonObject(sent)) return undefined;
    const entry = sent as unknown as ManagedEntry;
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') return undefined;
    if (!entry.apiVersion || entry.fieldsType !== 'FieldsV1') return undefined;
    const identity = managerIdentity(entry);
    entries.set(identity, withSet(entry, readSet((sent.fieldsV1 as Json | undefined) ?? {}, identity)));
  }
  return entries;
}

/** Times are canonical RFC 3339 in UTC, so their text orders them; none comes first. */
function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time, b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function compareText(a = '', b = ''): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
