import { type Database, open, type RootDatabase } from 'lmdb';
import type { Revision } from '../kv.js';

/** When a TTL runs out, and the revision of the write that set it. */
export type ExpiryKey = [expiresAtMs: number, revision: Revision];

/** The databases of one LMDB environment; a commit covers all of them. */
export interface Layout {
  readonly root: RootDatabase<unknown, string>;
  /** Key to its newest revision (a number, see below); negative while that is a delete which has not been compacted. */
  readonly heads: Database<Buffer, Buffer>;
  /** Revision to what it changed (see change-record), from the compacted revision on. */
  readonly changes: Database<Buffer, Revision>;
  /** Revision to the value it put, as long as some kept revision shows it. */
  readonly values: Database<Buffer, Revision>;
  /** Pending expiries to their keys. Those of overwritten values stay until their time comes, and then do nothing. */
  readonly expiries: Database<Buffer, ExpiryKey>;
  /** Numbers, see below. */
  readonly counters: Database<Buffer, Counter>;
}

export type Counter = 'format' | 'revision' | 'compacted';

/** Written by this version; another one is refused. */
export const FORMAT = 1;
/** Of a store that was never written to, as in etcd. */
export const FIRST_REVISION: Revision = 1;

/**
 * Opens or creates the environment in `dir`. A commit is on disk before it is acknowledged or visible: `overlappingSync`,
 * which would acknowledge earlier, is off. Each commit is one explicit batch.
 */
export function openLayout(dir: string, mapBytes: number): Layout {
  const root = open<unknown, string>({
    path: dir,
    noSubdir: false,
    encoding: 'binary',
    overlappingSync: false,
    eventTurnBatching: false,
    // Address space, not memory. The binding maps the file anew when it outgrows this.
    mapSize: mapBytes,
    maxDbs: 8,
  });
  return {
    root,
    heads: root.openDB('heads', { keyEncoding: 'binary', encoding: 'binary' }),
    changes: root.openDB('changes', { encoding: 'binary' }),
    values: root.openDB('values', { encoding: 'binary' }),
    expiries: root.openDB('expiries', { encoding: 'binary' }),
    counters: root.openDB('counters', { encoding: 'binary' }),
  };
}

/** Size of the pages in use, history included. The file may be larger: freed pages stay in it, for use by later writes. */
export function usedBytes(layout: Layout): number {
  const { heads, changes, values, expiries } = layout;
  return [heads, changes, values, expiries].reduce((sum, database) => sum + usedBytesOf(statsOf(database)), 0);
}

export function entriesOf(database: Pick<Database, 'getStats'>): number {
  return statsOf(database).entryCount;
}

interface DatabaseStats {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
  readonly entryCount: number;
}

function statsOf(database: Pick<Database, 'getStats'>): DatabaseStats {
  return database.getStats() as DatabaseStats;
}

function usedBytesOf(stats: DatabaseStats): number {
  return stats.pageSize * (stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages);
}

/** Revisions and counters as stored: 8 bytes, exact for every safe integer. */
export function encodeNumber(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

export function decodeNumber(bytes: Buffer | undefined): number | undefined {
  return bytes?.readDoubleBE();
}
