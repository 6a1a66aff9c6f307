import type { Histogram } from '@keelson/machinery';
import type { StorageError } from './storage-error.js';

/** Store revision: a 64-bit counter of the store, safe as a number up to 2^53 (asserted where it is read). */
export type Revision = number;

/**
 * What there is to say of a stored value besides its bytes. `stale`: it would not be written like this now, so that even
 * the same content is worth writing again. An error: it cannot be read, its bytes are as they are stored.
 */
export type ValueFlaw = 'stale' | StorageError;

export interface KeyValue {
  /** Full key, prefix included: `/registry/pods/default/web`. Keys are valid UTF-8. */
  readonly key: string;
  /** Owned by the receiver: never a slice of a larger network buffer. */
  readonly value: Buffer;
  /** Revision of the last write of this key. */
  readonly modRevision: Revision;
  readonly flaw?: ValueFlaw;
}

export interface KvReadOptions {
  /** Read the state as of this revision; without it the read is linearizable. */
  readonly revision?: Revision;
  readonly keysOnly?: boolean;
}

export interface KvListOptions extends KvReadOptions {
  /** At most this many; 0 or absent means all. */
  readonly limit?: number;
  /** Start behind this full key (exclusive). */
  readonly after?: string;
  /** False: the count need only tell whether more follows, so that nothing is walked for it. */
  readonly counted?: boolean;
}

export interface KvListResult {
  /** In ascending byte order of keys. */
  readonly kvs: readonly KeyValue[];
  /** Keys in the range from `after` on, whatever the limit; at least one more than `kvs` where more follows, when not `counted`. */
  readonly count: number;
  /** Of the store when it answered, also where an older revision was asked for. */
  readonly revision: Revision;
}

/** Result of a compare-and-set. `current` is absent when the key does not exist. */
export type CasResult =
  | { readonly ok: true; readonly revision: Revision }
  | { readonly ok: false; readonly revision: Revision; readonly current?: KeyValue };

export interface KvEvent {
  readonly type: 'put' | 'delete';
  readonly key: string;
  /** Of this change: the put's or the delete's revision. */
  readonly modRevision: Revision;
  /** True for the first put of a key (after creation or deletion). */
  readonly created: boolean;
  /** Absent for deletes. */
  readonly value?: Buffer;
  readonly flaw?: ValueFlaw;
  /** The replaced or deleted value and its revision; only when the watch asked for it, absent when compacted away. */
  readonly previous?: KeyValue;
}

/** Events in revision order; a batch never splits a revision. An empty batch reports progress. */
export interface WatchBatch {
  readonly events: readonly KvEvent[];
  /** Every change of the prefix up to here has been delivered. */
  readonly revision: Revision;
}

export interface KvWatchOptions {
  /** Carry `previous` on events. */
  readonly previous?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Everything Kubernetes asks of a store, at the level of bytes. Reads are linearizable unless `revision` is given.
 * Failures are `StorageError`s: `compacted` and `futureRevision` for reads and watches at a revision, `unreachable` and
 * `unavailable` when nothing was done, `ambiguous` when a write may or may not have been applied.
 */
export interface KvBackend {
  /**
   * False while `requestProgress` is in vain: the store's answer could overtake events (etcd before 3.4.25 and 3.5.8,
   * etcd#15220), so watches report only the progress the store tells of by itself. May change as watches are opened.
   */
  readonly progressIsReliable?: boolean;
  /** History before this revision has been discarded, as far as is known without asking. */
  readonly compacted?: Revision;
  get(key: string, options?: KvReadOptions): Promise<{ readonly kv?: KeyValue; readonly revision: Revision }>;
  list(prefix: string, options?: KvListOptions): Promise<KvListResult>;
  /** `expected` is the modRevision the key must have; 0 means it must not exist. A TTL key is gone `ttlSeconds` after its last put. */
  put(key: string, value: Uint8Array, expected: Revision, options?: { readonly ttlSeconds?: number }): Promise<CasResult>;
  delete(key: string, expected: Revision): Promise<CasResult>;
  /**
   * Every change of `prefix` from revision `from` on (inclusive), from history and then live, each exactly once and in
   * order, across reconnects. Ends by the signal (normally) or with `StorageError` `compacted` or, when the backend is
   * closed, `closed` (thrown).
   */
  watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncIterable<WatchBatch>;
  /** Current revision of the store, linearizable: the cheapest read barrier. */
  currentRevision(): Promise<Revision>;
  /** Asks open watches to report progress; the report is an empty batch. Watches that are behind report when they have caught up. */
  requestProgress(): void;
  /**
   * Discards history before `revision`; reads and watches below it then fail with `compacted`. The current revision may
   * be given; a future one fails with `futureRevision`, one already compacted (or the last compacted one) with `compacted`.
   */
  compact(revision: Revision): Promise<void>;
  /** Keys on the leases that were replaced by newer ones; absent where keys share none. */
  readonly leaseKeys?: Histogram;
  /** Bytes that the store takes up on disk; absent where there is none. */
  sizeBytes?(): Promise<number>;
  close(): Promise<void>;
}
