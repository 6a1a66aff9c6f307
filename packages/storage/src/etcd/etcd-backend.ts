import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Histogram } from '@keelson/machinery';
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
import { isStorageError, StorageError } from '../storage-error.js';
import { Compactor } from './compactor.js';
import { CompareAndSet } from './compare-and-set.js';
import { EtcdCalls } from './etcd-calls.js';
import { isLeaseNotFound } from './etcd-errors.js';
import { type EtcdOptions, type EtcdSettings, etcdSettings } from './etcd-options.js';
import { keySpan, prefixSpan } from './key-span.js';
import { ListPages } from './list-pages.js';
import { SharedLeases } from './shared-leases.js';
import { Slab } from './slab.js';
import { GrpcTransport } from './transport/grpc-transport.js';
import { MemberTransport } from './transport/member-transport.js';
import { EtcdWatches } from './watch/etcd-watches.js';
import { COMPACT, encodeCompaction } from './wire/compaction.js';
import { toKeyValue } from './wire/key-value.js';
import { decodeRange, encodeRange, RANGE } from './wire/range.js';
import { decodeStatusSize, STATUS, STATUS_REQUEST } from './wire/status.js';

/** For single values. */
const SLAB_BYTES = 16 * 1024;
/** A linearizable list that is overtaken by compaction starts again this often. */
const MAX_LIST_ATTEMPTS = 3;
/** A size is wanted now or not at all. */
const SIZE_TIMEOUT_MS = 1000;

/** The store of a kube-apiserver: keys, values, leases and compaction are laid out as it does. */
export class EtcdBackend implements KvBackend {
  readonly #settings: EtcdSettings;
  readonly #calls: EtcdCalls;
  readonly #watches: EtcdWatches;
  readonly #cas: CompareAndSet;
  readonly #leases: SharedLeases;
  readonly #pages: ListPages;
  readonly #compactor: Compactor | undefined;
  readonly #slab = new Slab(SLAB_BYTES);
  #closed = false;

  /** Connects when it is first used. */
  constructor(options: EtcdOptions) {
    const settings = etcdSettings(options);
    const { endpoints } = settings;
    this.#settings = settings;
    this.#calls = new EtcdCalls(
      endpoints.map((endpoint) => new MemberTransport(endpoint, settings)),
      settings,
    );
    // Connections of their own: a large answer must not delay events, nor a lost watch connection a write.
    const watching = endpoints.map((endpoint) => new GrpcTransport(endpoint, settings));
    this.#watches = new EtcdWatches(watching, settings, () => this.currentRevision());
    this.#cas = new CompareAndSet(this.#calls, (...args) => this.#firstEvent(...args), settings.requestTimeoutMs);
    this.#leases = new SharedLeases(this.#calls, settings.leaseReuseSeconds);
    this.#pages = new ListPages(this.#calls);
    this.#compactor = settings.compactionIntervalMs > 0 ? new Compactor(this.#calls, settings.compactionIntervalMs) : undefined;
  }

  /**
   * Whether manual progress requests can be relied on: true once a watch was opened, and no member in use is older than
   * 3.4.25 or 3.5.8. Such a member reports progress only periodically; `requestProgress` then does nothing.
   */
  get progressIsReliable(): boolean {
    return this.#watches.progressIsReliable;
  }

  get compacted(): Revision {
    return this.#compactor?.compacted ?? 0;
  }

  async get(key: string, options: KvReadOptions = {}): Promise<{ readonly kv?: KeyValue; readonly revision: Revision }> {
    this.#checkOpen();
    const request = encodeRange({ span: keySpan(key), ...options });
    const message = await this.#calls.read(RANGE, request).catch((error: unknown) => this.#sayOldestKept(error));
    const { kvs, revision } = decodeRange(message, this.#slab);
    return { ...(kvs[0] && { kv: toKeyValue(kvs[0]) }), revision };
  }

  async list(prefix: string, options: KvListOptions = {}): Promise<KvListResult> {
    const span = prefixSpan(prefix, options.after);
    for (let attempt = 1; ; attempt++) {
      this.#checkOpen();
      try {
        return await this.#pages.read(span, options);
      } catch (error) {
        const overtaken = options.revision === undefined && isStorageError(error, 'compacted');
        if (!overtaken || attempt === MAX_LIST_ATTEMPTS) return this.#sayOldestKept(error);
        await nextTurn();
      }
    }
  }

  async put(key: string, value: Uint8Array, expected: Revision, options: { readonly ttlSeconds?: number } = {}): Promise<CasResult> {
    this.#checkOpen();
    if (!options.ttlSeconds) return this.#cas.apply({ key, value, expected });
    const leaseId = await this.#leases.leaseFor(options.ttlSeconds);
    try {
      return await this.#cas.apply({ key, value, expected, leaseId });
    } catch (error) {
      // The process was paused, or the clock of the store ran ahead.
      if (!isLeaseNotFound(error)) throw error;
      this.#leases.forget(leaseId);
      return this.#cas.apply({ key, value, expected, leaseId: await this.#leases.leaseFor(options.ttlSeconds) });
    }
  }

  async delete(key: string, expected: Revision): Promise<CasResult> {
    this.#checkOpen();
    return this.#cas.apply({ key, expected });
  }

  watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncIterable<WatchBatch> {
    return this.#watches.open(prefixSpan(prefix), from, options);
  }

  async currentRevision(): Promise<Revision> {
    this.#checkOpen();
    return this.#readHealthKey();
  }

  requestProgress(): void {
    this.#watches.requestProgress();
  }

  async compact(revision: Revision): Promise<void> {
    this.#checkOpen();
    await this.#calls.write(COMPACT, encodeCompaction(revision));
  }

  /** Rejects unless the cluster answers a linearizable read in time. */
  async checkHealth(timeoutMs = 2000): Promise<void> {
    this.#checkOpen();
    await this.#readHealthKey(timeoutMs);
  }

  get leaseKeys(): Histogram {
    return this.#leases.keys;
  }

  /** Of the member that answers, what is free inside of its file included. */
  async sizeBytes(): Promise<number> {
    this.#checkOpen();
    return decodeStatusSize(await this.#calls.read(STATUS, STATUS_REQUEST, SIZE_TIMEOUT_MS));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#compactor?.stop();
    this.#watches.close();
    this.#calls.close();
  }

  #checkOpen(): void {
    if (this.#closed) throw new StorageError('closed', 'the store is closed');
  }

  /** Counts one key: the cheapest linearizable request there is. */
  async #readHealthKey(timeoutMs?: number): Promise<Revision> {
    const request = encodeRange({ span: keySpan(this.#settings.healthKey), countOnly: true });
    return decodeRange(await this.#calls.read(RANGE, request, timeoutMs), this.#slab).revision;
  }

  /** Rethrows; etcd tells watches, but not reads, which revision is the oldest kept. */
  async #sayOldestKept(error: unknown): Promise<never> {
    if (!isStorageError(error, 'compacted') || error.revision !== undefined) throw error;
    const compacted = await this.#firstEvent(this.#settings.healthKey, 1, this.#settings.attemptTimeoutMs).catch(
      (reason: unknown) => reason,
    );
    throw isStorageError(compacted, 'compacted')
      ? new StorageError('compacted', error.message, compacted.revision, { cause: error })
      : error;
  }

  async #firstEvent(key: string, from: Revision, timeoutMs: number): Promise<KvEvent> {
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
    for await (const { events } of this.#watches.open(keySpan(key), from, { signal })) {
      if (events[0]) return events[0];
    }
    throw new StorageError('timeout', `no event of ${key} from revision ${from} on`);
  }
}
