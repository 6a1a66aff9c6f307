import { chmod, mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkCompactable, checkReadable } from '../history/check-revision.js';
import { Retention, type RetentionOptions } from '../history/retention.js';
import { WatchFeed } from '../history/watch-feed.js';
import { checkValueSize } from '../history/write-limits.js';
import type {
  CasResult,
  KeyValue,
  KvBackend,
  KvListOptions,
  KvListResult,
  KvReadOptions,
  KvWatchOptions,
  Revision,
  WatchBatch,
} from '../kv.js';
import { StorageError } from '../storage-error.js';
import { ChangeHistory } from './change-history.js';
import { Clock } from './clock.js';
import { ExpirySchedule } from './expiry-schedule.js';
import { checkKeySize, rangeOf } from './keys.js';
import { decodeNumber, type ExpiryKey, encodeNumber, entriesOf, FIRST_REVISION, FORMAT, type Layout, openLayout } from './layout.js';
import { Ownership } from './ownership.js';
import type { RecentChange } from './recent-changes.js';
import { shrinkDataFile } from './shrink-data-file.js';
import { type KeyState, Snapshot } from './snapshot.js';
import { Writer } from './writer.js';

export interface EmbeddedOptions extends RetentionOptions {
  /** Made if it does not exist; one process at a time may have it open. Must be on a local file system. */
  readonly dir: string;
  /**
   * With this much data, history included, the store is full: puts are `rejected`.
   * @default 16 GiB
   */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 16 * 1024 ** 3;
/** Keys looked at, with their values, in one turn of the event loop. */
const LIST_PIECE = 200;
const EXPIRY_PIECE = 256;
const EXPIRY_RETRY_MS = 1000;
/** Type of an NFS mount in statfs(2). */
const NFS_MAGIC = 0x6969;

/** A durable store in a directory, on LMDB. */
export class EmbeddedBackend implements KvBackend {
  readonly #layout: Layout;
  readonly #ownership: Ownership;
  readonly #clock = new Clock();
  readonly #history: ChangeHistory;
  readonly #feed: WatchFeed;
  readonly #writer: Writer;
  readonly #expiry: ExpirySchedule;
  readonly #retention: Retention;
  /** Reads and housekeeping under way; the environment must not close under them. */
  readonly #busy = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  private constructor(layout: Layout, ownership: Ownership, options: EmbeddedOptions) {
    this.#layout = layout;
    this.#ownership = ownership;
    const start = startOf(layout);
    this.#history = new ChangeHistory(layout, start);
    this.#feed = new WatchFeed(this.#history);
    const shown = (changes: readonly RecentChange[]) => {
      this.#feed.publish(changes);
      this.#retention.observe(this.#history.revision);
    };
    this.#writer = new Writer(layout, this.#history, shown, options.maxBytes ?? DEFAULT_MAX_BYTES);
    this.#retention = new Retention({ compacted: start.compacted, current: start.revision }, options, async (revision) => {
      if (revision > this.#history.compacted) await this.#writer.compact(revision);
    });
    this.#expiry = new ExpirySchedule(
      () => this.#clock.nowMs(),
      () => void this.#track(this.#expireDue()),
    );
    this.#noteNextExpiry();
  }

  get compacted(): Revision {
    return this.#history.compacted;
  }

  /** Throws `unavailable` when another process has the directory open. */
  static async open(options: EmbeddedOptions): Promise<EmbeddedBackend> {
    await mkdir(options.dir, { recursive: true, mode: 0o700 });
    if ((await statfs(options.dir)).type === NFS_MAGIC) {
      throw new StorageError('unavailable', `data directory ${options.dir} is on NFS, where a memory-mapped store is not safe`);
    }
    const openAgain = () => openLayout(options.dir, 2 * (options.maxBytes ?? DEFAULT_MAX_BYTES));
    let layout = openAgain();
    let ownership: Ownership | undefined;
    try {
      ownership = await Ownership.take(layout.root, options.dir);
      layout = await shrinkDataFile(layout, options.dir, openAgain);
      // LMDB makes files that everybody may read; what is stored is for the owner alone.
      await Promise.all(['data.mdb', 'lock.mdb'].map((file) => chmod(join(options.dir, file), 0o600)));
      return new EmbeddedBackend(layout, ownership, options);
    } catch (error) {
      ownership?.release();
      await layout.root.close();
      throw error;
    }
  }

  get(key: string, options: KvReadOptions = {}): Promise<{ readonly kv?: KeyValue; readonly revision: Revision }> {
    return this.#read(async (snapshot) => {
      const revision = snapshot.revisionOf(key, readAt(snapshot, options));
      const kv = revision === undefined ? undefined : toKeyValue(snapshot, { key, revision }, options);
      return { ...(kv && { kv }), revision: snapshot.revision };
    });
  }

  list(prefix: string, options: KvListOptions = {}): Promise<KvListResult> {
    return this.#read(async (snapshot) => {
      const at = readAt(snapshot, options);
      const limit = options.limit || Number.POSITIVE_INFINITY;
      const kvs: KeyValue[] = [];
      let count = 0;
      for (let range = rangeOf(prefix, options.after); ; await nextTurn()) {
        const piece = snapshot.states(range, at, LIST_PIECE);
        for (const state of piece.states) if (count++ < limit) kvs.push(toKeyValue(snapshot, state, options));
        const enough = options.counted === false && count > limit;
        if (enough || piece.rest === undefined) return { kvs, count, revision: snapshot.revision };
        range = piece.rest;
      }
    });
  }

  async put(key: string, value: Uint8Array, expected: Revision, options: { readonly ttlSeconds?: number } = {}): Promise<CasResult> {
    this.#checkOpen();
    checkKeySize(key);
    checkValueSize(key, value);
    const ttlMs = (options.ttlSeconds ?? 0) * 1000;
    const expiry = ttlMs > 0 ? { expiresAtMs: this.#clock.nowMs() + ttlMs } : {};
    const result = await this.#track(this.#writer.compareAndSet(key, expected, Buffer.from(value), expiry));
    if (result.ok && expiry.expiresAtMs !== undefined) this.#expiry.note(expiry.expiresAtMs);
    return result;
  }

  async delete(key: string, expected: Revision): Promise<CasResult> {
    this.#checkOpen();
    checkKeySize(key);
    return this.#track(this.#writer.compareAndSet(key, expected, undefined));
  }

  watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncIterable<WatchBatch> {
    return this.#feed.watch(prefix, from, options);
  }

  async currentRevision(): Promise<Revision> {
    this.#checkOpen();
    return this.#history.revision;
  }

  requestProgress(): void {
    this.#feed.requestProgress();
  }

  async compact(revision: Revision): Promise<void> {
    this.#checkOpen();
    checkCompactable(revision, { compacted: this.#history.compacted, current: this.#history.revision });
    await this.#writer.compact(revision);
  }

  /** Resolves when everything compacted so far is gone from the data file and its space can be used again. */
  swept(): Promise<void> {
    return this.#writer.swept();
  }

  /** What the data file holds, history included; for metrics. */
  stats(): { readonly changes: number; readonly values: number; readonly usedBytes: number } {
    return { changes: entriesOf(this.#layout.changes), values: entriesOf(this.#layout.values), usedBytes: this.#writer.usedBytes };
  }

  async sizeBytes(): Promise<number> {
    return this.#writer.usedBytes;
  }

  /** Ends watches, finishes the writes and reads under way, and lets another process open the directory. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#retention.stop();
    this.#expiry.stop();
    this.#feed.close();
    await Promise.allSettled(this.#busy);
    await this.#writer.stop();
    this.#ownership.release();
    await this.#layout.root.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StorageError('closed', 'the store is closed');
  }

  async #read<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    this.#checkOpen();
    const snapshot = new Snapshot(this.#layout);
    return this.#track(read(snapshot).finally(() => snapshot.release()));
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#busy.add(work);
    return work.finally(() => this.#busy.delete(work));
  }

  /** Deletes what is due, some at a time. */
  async #expireDue(): Promise<void> {
    const end: ExpiryKey = [this.#clock.nowMs() + 1, 0];
    const due = [...this.#layout.expiries.getRange({ end, limit: EXPIRY_PIECE })];
    const settled = await Promise.allSettled(due.map(({ key, value }) => this.#writer.expire(value.toString('utf8'), key)));
    if (settled.every((result) => result.status === 'fulfilled')) this.#noteNextExpiry();
    else this.#expiry.note(this.#clock.nowMs() + EXPIRY_RETRY_MS);
  }

  #noteNextExpiry(): void {
    for (const [expiresAtMs] of this.#layout.expiries.getKeys({ limit: 1 })) this.#expiry.note(expiresAtMs);
  }
}

/** Reads where the store stands, and makes it one of this format if it is new. */
function startOf(layout: Layout): { readonly revision: Revision; readonly compacted: Revision } {
  const format = decodeNumber(layout.counters.get('format'));
  if (format === undefined) layout.counters.putSync('format', encodeNumber(FORMAT));
  else if (format !== FORMAT)
    throw new StorageError('unavailable', `the data directory has format ${format}, this version reads ${FORMAT}`);
  return {
    revision: decodeNumber(layout.counters.get('revision')) ?? FIRST_REVISION,
    compacted: decodeNumber(layout.counters.get('compacted')) ?? 0,
  };
}

/** The revision to read at. */
function readAt(snapshot: Snapshot, options: KvReadOptions): Revision {
  if (options.revision === undefined) return snapshot.revision;
  checkReadable(options.revision, { compacted: snapshot.compacted, current: snapshot.revision });
  return options.revision;
}

function toKeyValue(snapshot: Snapshot, state: KeyState, options: KvReadOptions): KeyValue {
  return options.keysOnly ? { key: state.key, value: Buffer.alloc(0), modRevision: state.revision } : snapshot.read(state);
}
