import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkCompactable, checkNotCompacted, checkReadable } from '../history/check-revision.js';
import { Retention, type RetentionOptions } from '../history/retention.js';
import { WatchFeed } from '../history/watch-feed.js';
import { checkValueSize } from '../history/write-limits.js';
import type {
  CasResult,
  KeyValue,
  KvBackend,
  KvEvent,
  KvListOptions,
  KvListResult,
  KvReadOptions,
  KvWatchOptions,
  Revision,
  WatchBatch,
} from '../kv.js';
import { StorageError } from '../storage-error.js';
import { Change } from './change.js';
import { ExpiryTimers } from './expiry-timers.js';
import { SortedKeys } from './sorted-keys.js';

/** Of a store that was never written to, as in etcd. */
const FIRST_REVISION = 1;
/** Keys or changes handled in one turn of the event loop. */
const PIECE = 1000;

export interface MemoryOptions extends RetentionOptions {
  /**
   * Revision of the empty store; what came before counts as compacted. For stores that are filled anew by every process,
   * and whose clients are to notice.
   * @default 1
   */
  readonly firstRevision?: Revision;
}

/** A store in memory, gone with the process. Writes are applied at once, in the order of the calls. */
export class MemoryBackend implements KvBackend {
  /** The newest change of every key; a deleted key's stays until it is compacted. */
  readonly #newest = new Map<string, Change>();
  readonly #keys = new SortedKeys();
  /** Every kept change. Revisions have no gaps, so that a change's place follows from its revision. */
  #log: Change[] = [];
  #revision: Revision;
  #compacted: Revision;
  #sweep: Promise<void> | undefined;
  #closed = false;
  readonly #expiry = new ExpiryTimers((key) => this.#expire(key));
  readonly #feed: WatchFeed;
  readonly #retention: Retention;

  constructor({ firstRevision = FIRST_REVISION, ...options }: MemoryOptions = {}) {
    const backend = this;
    this.#revision = firstRevision;
    this.#compacted = firstRevision === FIRST_REVISION ? 0 : firstRevision;
    this.#feed = new WatchFeed({
      get revision() {
        return backend.#revision;
      },
      read: (prefix, from, withPrevious) => this.#readLog(prefix, from, withPrevious),
    });
    this.#retention = new Retention({ compacted: this.#compacted, current: firstRevision }, options, async (revision) => {
      if (revision > this.#compacted) await this.compact(revision);
    });
  }

  get compacted(): Revision {
    return this.#compacted;
  }

  async get(key: string, options: KvReadOptions = {}): Promise<{ readonly kv?: KeyValue; readonly revision: Revision }> {
    const at = this.#checkRead(options);
    const kv = this.#newest.get(key)?.at(at)?.toKeyValue(options.keysOnly);
    return { ...(kv && { kv }), revision: this.#revision };
  }

  async list(prefix: string, options: KvListOptions = {}): Promise<KvListResult> {
    for (;;) {
      const at = this.#checkRead(options);
      const result = await this.#listAt(prefix, at, options);
      // Compaction may overtake a list that takes several turns: one at a revision then fails, any other starts again.
      if (at >= this.#compacted) return result;
    }
  }

  async put(key: string, value: Uint8Array, expected: Revision, options: { readonly ttlSeconds?: number } = {}): Promise<CasResult> {
    this.#checkOpen();
    checkValueSize(key, value);
    const older = this.#newest.get(key);
    if (modRevisionOf(older) !== expected) return this.#conflict(older);
    this.#append(new Change(key, this.#revision + 1, Buffer.from(value), older));
    if (options.ttlSeconds) this.#expiry.set(key, options.ttlSeconds);
    else this.#expiry.clear(key);
    return { ok: true, revision: this.#revision };
  }

  async delete(key: string, expected: Revision): Promise<CasResult> {
    this.#checkOpen();
    const older = this.#newest.get(key);
    if (modRevisionOf(older) !== expected) return this.#conflict(older);
    if (expected !== 0) this.#remove(key, older);
    return { ok: true, revision: this.#revision };
  }

  watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncIterable<WatchBatch> {
    return this.#feed.watch(prefix, from, options);
  }

  async currentRevision(): Promise<Revision> {
    this.#checkOpen();
    return this.#revision;
  }

  requestProgress(): void {
    this.#feed.requestProgress();
  }

  async compact(revision: Revision): Promise<void> {
    this.#checkOpen();
    checkCompactable(revision, this.#kept);
    this.#compacted = revision;
    this.#sweep ??= this.#sweepLog().finally(() => {
      this.#sweep = undefined;
    });
    await this.#sweep;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#retention.stop();
    this.#expiry.clearAll();
    this.#feed.close();
    await this.#sweep;
  }

  get #kept() {
    return { compacted: this.#compacted, current: this.#revision };
  }

  #checkOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the store is closed');
  }

  /** The revision to read at. */
  #checkRead(options: KvReadOptions): Revision {
    this.#checkOpen();
    if (options.revision === undefined) return this.#revision;
    checkReadable(options.revision, this.#kept);
    return options.revision;
  }

  #conflict(newest: Change | undefined): CasResult {
    const current = newest?.toKeyValue();
    return { ok: false, revision: this.#revision, ...(current && { current }) };
  }

  #append(change: Change): void {
    if (!this.#newest.has(change.key)) this.#keys.add(change.key);
    this.#newest.set(change.key, change);
    this.#log.push(change);
    this.#revision = change.modRevision;
    this.#feed.publish([change]);
    this.#retention.observe(this.#revision);
  }

  #remove(key: string, older: Change | undefined): void {
    this.#expiry.clear(key);
    this.#append(new Change(key, this.#revision + 1, undefined, older));
  }

  #expire(key: string): void {
    this.#remove(key, this.#newest.get(key));
  }

  /** The state of `prefix` at `at`, read over several turns of the event loop. */
  async #listAt(prefix: string, at: Revision, options: KvListOptions): Promise<KvListResult> {
    const revision = this.#revision;
    const limit = options.limit || Number.POSITIVE_INFINITY;
    const kvs: KeyValue[] = [];
    let count = 0;
    for (let keys = this.#keys.range(prefix, options.after, PIECE); keys.length > 0; ) {
      for (const key of keys) {
        const change = this.#newest.get(key)?.at(at);
        if (change?.value === undefined) continue;
        if (count++ < limit) kvs.push(change.toKeyValue(options.keysOnly) as KeyValue);
      }
      if (keys.length < PIECE) break;
      await nextTurn();
      keys = this.#keys.range(prefix, keys.at(-1), PIECE);
    }
    return { kvs, count, revision };
  }

  /** The part of the log that one batch can cover. */
  #readLog(prefix: string, from: Revision, withPrevious: boolean): WatchBatch {
    checkNotCompacted(from, this.#compacted);
    const start = Math.max(0, from - (this.#log[0]?.modRevision ?? from));
    const piece = this.#log.slice(start, start + PIECE);
    const events: KvEvent[] = [];
    for (const change of piece) if (change.key.startsWith(prefix)) events.push(change.toEvent(withPrevious));
    return { events, revision: piece.at(-1)?.modRevision ?? this.#revision };
  }

  /** Forgets changes below the compacted revision, and what they replaced. */
  async #sweepLog(): Promise<void> {
    for (;;) {
      const swept = this.#log.slice(0, PIECE).filter((change) => change.modRevision < this.#compacted);
      for (const change of swept) this.#forget(change);
      this.#log.splice(0, swept.length);
      if (swept.length < PIECE) return;
      await nextTurn();
    }
  }

  #forget(change: Change): void {
    change.older = undefined;
    if (change.value !== undefined || this.#newest.get(change.key) !== change) return;
    this.#newest.delete(change.key);
    this.#keys.delete(change.key);
  }
}

function modRevisionOf(newest: Change | undefined): Revision {
  return newest?.value === undefined ? 0 : newest.modRevision;
}
