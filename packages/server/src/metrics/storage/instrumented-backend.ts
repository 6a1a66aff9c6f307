import type { GroupResource, Histogram } from '@keelson/machinery';
import {
  type CasResult,
  KeyPrefixes,
  type KeyValue,
  type KvBackend,
  type KvListOptions,
  type KvListResult,
  type KvReadOptions,
  type KvWatchOptions,
  type Revision,
  type WatchBatch,
} from '@keelson/storage';
import type { Counter } from '../registry/family.js';
import type { StorageMetrics } from './storage-metrics.js';

/** What the requests of one operation on one resource are counted by. */
interface Series {
  readonly durations: Histogram;
  readonly requests: Counter;
  readonly errors: Counter;
}

const nothing: GroupResource = { group: '', resource: '' };

/** A backend whose requests are counted and timed by operation and resource, by etcd's metric names. */
export class InstrumentedBackend implements KvBackend {
  readonly #backend: KvBackend;
  readonly #metrics: StorageMetrics;
  /** Resources by the key prefix of their objects, known once they are installed. */
  readonly #resources = new KeyPrefixes<GroupResource>();
  readonly #series = new Map<string, Map<GroupResource, Series>>();

  constructor(backend: KvBackend, metrics: StorageMetrics) {
    this.#backend = backend;
    this.#metrics = metrics;
  }

  /** Tells what is stored below `prefix`, which ends with a slash. */
  name(prefix: string, resource: GroupResource): void {
    this.#resources.set(prefix, resource);
  }

  get progressIsReliable(): boolean {
    return this.#backend.progressIsReliable ?? true;
  }

  get compacted(): Revision {
    return this.#backend.compacted ?? 0;
  }

  get(key: string, options?: KvReadOptions): Promise<{ readonly kv?: KeyValue; readonly revision: Revision }> {
    return this.#timed('get', key, () => this.#backend.get(key, options));
  }

  list(prefix: string, options?: KvListOptions): Promise<KvListResult> {
    return this.#timed('list', prefix, () => this.#backend.list(prefix, options));
  }

  put(key: string, value: Uint8Array, expected: Revision, options?: { readonly ttlSeconds?: number }): Promise<CasResult> {
    return this.#timed(expected === 0 ? 'create' : 'update', key, () => this.#backend.put(key, value, expected, options));
  }

  delete(key: string, expected: Revision): Promise<CasResult> {
    return this.#timed('delete', key, () => this.#backend.delete(key, expected));
  }

  currentRevision(): Promise<Revision> {
    return this.#timed('get', '', () => this.#backend.currentRevision());
  }

  watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncIterable<WatchBatch> {
    return this.#backend.watch(prefix, from, options);
  }

  requestProgress(): void {
    this.#backend.requestProgress();
  }

  compact(revision: Revision): Promise<void> {
    return this.#backend.compact(revision);
  }

  close(): Promise<void> {
    return this.#backend.close();
  }

  async #timed<T>(operation: string, key: string, request: () => Promise<T>): Promise<T> {
    const series = this.#seriesOf(operation, key);
    const startedAtMs = performance.now();
    series.requests.value++;
    try {
      return await request();
    } catch (error) {
      series.errors.value++;
      throw error;
    } finally {
      series.durations.observe((performance.now() - startedAtMs) / 1000);
    }
  }

  #seriesOf(operation: string, key: string): Series {
    const resource = this.#resources.find(key) ?? nothing;
    let byResource = this.#series.get(operation);
    if (byResource === undefined) {
      byResource = new Map();
      this.#series.set(operation, byResource);
    }
    let series = byResource.get(resource);
    if (series === undefined) {
      const { group, resource: name } = resource;
      const { requestDurations, requests, requestErrors } = this.#metrics;
      series = {
        durations: requestDurations.child(operation, group, name),
        requests: requests.child(operation, group, name),
        errors: requestErrors.child(operation, group, name),
      };
      byResource.set(resource, series);
    }
    return series;
  }
}
