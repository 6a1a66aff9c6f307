import type { KvBackend, Revision } from '../kv.js';
import type {
  FoundObject,
  Freshness,
  KeyRange,
  ListOptions,
  ListPage,
  RangeSize,
  ResourceStore,
  UpdateOutcome,
  UpdateResult,
  WatchHandle,
  WatchOptions,
  WatchSink,
} from '../resource-store.js';
import type { StorageError } from '../storage-error.js';
import type { DirectStore } from '../store/direct-store.js';
import { narrowRange } from '../store/key-range.js';
import { ObjectWriter } from '../store/object-writer.js';
import type { StoredObject } from '../stored-object.js';
import type { BookmarkWheel } from './bookmark-wheel.js';
import { CacheCounters } from './cache-counters.js';
import { listCurrent, listPast } from './cache-query.js';
import type { ReadBarrier } from './read-barrier.js';
import type { ResourceCache } from './resource-cache.js';
import { WatchServer } from './watch-server.js';

export interface CachedStoreOptions {
  readonly cache: ResourceCache;
  /** Answers what the cache cannot. */
  readonly direct: DirectStore;
  readonly backend: KvBackend;
  readonly barrier: ReadBarrier;
  readonly bookmarks: BookmarkWheel;
}

/** A resource read from memory and written to the backend. What is written shows in memory only once the feed brings it. */
export class CachedStore implements ResourceStore {
  readonly #cache: ResourceCache;
  readonly #direct: DirectStore;
  readonly #options: CachedStoreOptions;
  readonly #writer: ObjectWriter;
  readonly #watches: WatchServer;

  constructor(options: CachedStoreOptions) {
    this.#options = options;
    this.#cache = options.cache;
    this.#direct = options.direct;
    this.#writer = new ObjectWriter(options.backend, options.cache.layout);
    const { backend, bookmarks } = options;
    // What watches begin with is no list that anybody asked for.
    const uncounted = new CacheCounters();
    const list = (range: KeyRange, asked: ListOptions) => this.#list(range, asked, uncounted);
    this.#watches = new WatchServer({ source: options.cache, backend, bookmarks, list });
  }

  get(path: string, freshness: Freshness): FoundObject | Promise<FoundObject> {
    return (this.#showsNow(freshness) ? this.#cached(path) : undefined) ?? this.#getLater(path, freshness);
  }

  list(range: KeyRange, options: ListOptions): Promise<ListPage> {
    return this.#list(range, options, this.#cache.counters);
  }

  async #list(range: KeyRange, options: ListOptions, counters: CacheCounters): Promise<ListPage> {
    const { freshness } = options;
    const shown = await this.#shows(freshness);
    if (freshness.at === 'consistent') counters[shown ? 'consistent' : 'fallback'] += 1;
    if (!shown) return this.#direct.list(range, options);
    const within = narrowRange(range, options.selection, this.#cache.layout.namespaced);
    if (this.#cache.lacksSomeOf(within)) return this.#direct.list(range, options);
    // Whatever is at hand is given whole: limits are for reads that cost something.
    if (freshness.at === 'any') return listCurrent(this.#cache, counters, within, { ...options, limit: 0 });
    if (freshness.at !== 'exact') return listCurrent(this.#cache, counters, within, options);
    if (freshness.revision === this.#cache.revision) {
      const page = await listCurrent(this.#cache, counters, within, options);
      if (page.revision === freshness.revision) return page; // else an index was built meanwhile, and writes came
    }
    return (await listPast(this.#cache, counters, within, options, freshness.revision)) ?? this.#direct.list(range, options);
  }

  watch(range: KeyRange, options: WatchOptions, sink: WatchSink): Promise<WatchHandle> {
    return this.#watches.watch(range, options, sink);
  }

  create(path: string, value: Uint8Array, options?: { readonly ttlSeconds?: number }): Promise<StoredObject> {
    return this.#writer.create(path, value, options);
  }

  update(path: string, transform: (current: StoredObject | undefined) => UpdateResult | Promise<UpdateResult>): Promise<UpdateOutcome> {
    return this.#writer.update(path, transform, this.#cache.live ? this.#cache.get(path) : undefined);
  }

  async count(): Promise<number> {
    return this.#cache.live ? this.#cache.size : this.#direct.count();
  }

  sizeOf(range: KeyRange): RangeSize | undefined {
    return this.#cache.live ? this.#cache.sizes.of(range) : undefined;
  }

  /** Events that watches have looked at before they were live. */
  get replayed(): number {
    return this.#watches.replayed;
  }

  /** Ends every watch: the reader must list again when there is an `error`. */
  endWatches(error?: StorageError): void {
    this.#watches.endAll(error);
  }

  close(): void {
    this.#watches.close();
    this.#cache.close();
  }

  async #getLater(path: string, freshness: Freshness): Promise<FoundObject> {
    if (!(await this.#shows(freshness)) || !this.#cache.live) return this.#direct.get(path, freshness);
    if (freshness.at === 'exact' && freshness.revision < this.#cache.revision) return this.#getPast(path, freshness);
    return this.#cached(path) ?? this.#direct.get(path, freshness);
  }

  /** Undefined for an object that is not readable here: the store may be able to read it by now. */
  #cached(path: string): FoundObject | undefined {
    const object = this.#cache.get(path);
    if (object === undefined) return { revision: this.#cache.revision };
    return object.unreadable === undefined ? { object, revision: this.#cache.revision } : undefined;
  }

  /** Whether the cache can answer at this freshness without anybody waiting for anything. */
  #showsNow(freshness: Freshness): boolean {
    if (!this.#cache.live) return false;
    return freshness.at === 'any' || (freshness.at === 'notOlderThan' && freshness.revision <= this.#cache.revision);
  }

  /** Whether the cache can answer at this freshness; waits for it a while. */
  async #shows(freshness: Freshness): Promise<boolean> {
    if (!this.#cache.live) return false;
    switch (freshness.at) {
      case 'any':
        return true;
      case 'consistent':
        return (await this.#waited(this.#options.barrier.pass())) && this.#cache.live;
      case 'notOlderThan':
        return (await this.#waited(this.#options.barrier.reach(freshness.revision))) && this.#cache.live;
      case 'exact':
        return freshness.revision <= this.#cache.revision && freshness.revision >= this.#oldest;
    }
  }

  async #waited(shown: Promise<boolean>): Promise<boolean> {
    const startedAtMs = performance.now();
    const result = await shown;
    this.#cache.counters.waits.observe((performance.now() - startedAtMs) / 1000);
    return result;
  }

  /** Lists end when history does, though the cache remembers more: clients know by that what is too old. */
  get #oldest(): Revision {
    return Math.max(this.#cache.ring.after, this.#options.backend.compacted ?? 0);
  }

  async #getPast(path: string, freshness: Extract<Freshness, { at: 'exact' }>): Promise<FoundObject> {
    const page = await listPast(this.#cache, new CacheCounters(), { path, exact: true }, {}, freshness.revision);
    if (page === undefined) return this.#direct.get(path, freshness);
    const [object] = page.items;
    return { ...(object && { object }), revision: freshness.revision };
  }
}
