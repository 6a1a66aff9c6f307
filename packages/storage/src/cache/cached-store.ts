import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KvBackend, Revision } from '../kv.js';
import type {
  Freshness,
  KeyRange,
  ListOptions,
  ListPage,
  ResourceStore,
  UpdateOutcome,
  UpdateResult,
  WatchHandle,
  WatchOptions,
  WatchSink,
} from '../resource-store.js';
import { StorageError } from '../storage-error.js';
import type { DirectStore } from '../store/direct-store.js';
import { narrowRange } from '../store/key-range.js';
import { ObjectWriter } from '../store/object-writer.js';
import { startOf, type WatchStart } from '../store/watch-start.js';
import type { StoredObject } from '../stored-object.js';
import { TimeSlice } from '../time-slice.js';
import type { BookmarkWheel } from './bookmark-wheel.js';
import { listCurrent, listPast } from './cache-query.js';
import { CacheWatcher } from './cache-watcher.js';
import { catchUp } from './catch-up.js';
import type { ReadBarrier } from './read-barrier.js';
import type { ResourceCache } from './resource-cache.js';

export interface CachedStoreOptions {
  readonly cache: ResourceCache;
  /** Answers what the cache cannot. */
  readonly direct: DirectStore;
  readonly backend: KvBackend;
  readonly barrier: ReadBarrier;
  readonly bookmarks: BookmarkWheel;
  /** Revision up to which live watchers have been served. */
  readonly dispatched: () => Revision;
}

/** A resource read from memory and written to the backend. What is written shows in memory only once the feed brings it. */
export class CachedStore implements ResourceStore {
  readonly #cache: ResourceCache;
  readonly #direct: DirectStore;
  readonly #options: CachedStoreOptions;
  readonly #writer: ObjectWriter;
  /** Every open watch, live or still catching up. */
  readonly #watchers = new Set<CacheWatcher>();
  #closed = false;

  constructor(options: CachedStoreOptions) {
    this.#options = options;
    this.#cache = options.cache;
    this.#direct = options.direct;
    this.#writer = new ObjectWriter(options.backend, options.cache.layout);
  }

  async get(path: string, freshness: Freshness): Promise<{ readonly object?: StoredObject; readonly revision: Revision }> {
    if (freshness.at !== 'any' && !(await this.#shows(freshness))) return this.#direct.get(path, freshness);
    if (!this.#cache.live) return this.#direct.get(path, freshness);
    if (freshness.at === 'exact' && freshness.revision < this.#cache.revision) return this.#getPast(path, freshness);
    const object = this.#cache.get(path);
    const { revision } = this.#cache;
    return object === undefined ? { revision } : { object, revision };
  }

  async list(range: KeyRange, options: ListOptions): Promise<ListPage> {
    const { freshness } = options;
    if (!(await this.#shows(freshness))) return this.#direct.list(range, options);
    const within = narrowRange(range, options.selection, this.#cache.layout.namespaced);
    if (freshness.at !== 'exact' || freshness.revision === this.#cache.revision) return listCurrent(this.#cache, within, options);
    return (await listPast(this.#cache, within, options, freshness.revision)) ?? this.#direct.list(range, options);
  }

  async watch(range: KeyRange, options: WatchOptions, sink: WatchSink): Promise<WatchHandle> {
    if (this.#closed) throw new StorageError('closed', 'the store is closed');
    const { selection } = options;
    const from = await startOf(options, this.#options.backend);
    const watcher = new CacheWatcher(
      {
        range: narrowRange(range, selection, this.#cache.layout.namespaced),
        selection,
        bookmarks: options.bookmarks === true,
        onStop: (stopped) => this.#forget(stopped),
        dispatched: this.#options.dispatched,
      },
      sink,
    );
    this.#watchers.add(watcher);
    if (watcher.bookmarks) this.#options.bookmarks.add(watcher);
    this.#serve(watcher, from).catch((error: unknown) => watcher.end(error));
    return watcher;
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

  /** Ends every watch: the reader must list again when there is an `error`. */
  endWatches(error?: StorageError): void {
    for (const watcher of [...this.#watchers]) watcher.end(error);
  }

  close(): void {
    this.#closed = true;
    this.endWatches();
  }

  /** Whether the cache can answer at this freshness; waits for it a while. */
  async #shows(freshness: Freshness): Promise<boolean> {
    if (!this.#cache.live) return false;
    switch (freshness.at) {
      case 'any':
        return true;
      case 'consistent':
        return (await this.#options.barrier.pass()) && this.#cache.live;
      case 'notOlderThan':
        return (await this.#options.barrier.reach(freshness.revision)) && this.#cache.live;
      case 'exact':
        return freshness.revision <= this.#cache.revision && freshness.revision >= this.#cache.ring.after;
    }
  }

  async #getPast(path: string, freshness: Extract<Freshness, { at: 'exact' }>): Promise<{ object?: StoredObject; revision: Revision }> {
    const page = await listPast(this.#cache, { path, exact: true }, {}, freshness.revision);
    if (page === undefined) return this.#direct.get(path, freshness);
    const [object] = page.items;
    return { ...(object && { object }), revision: freshness.revision };
  }

  async #serve(watcher: CacheWatcher, from: WatchStart): Promise<void> {
    await nextTurn(); // the reader has its handle before the first event
    await this.#cache.whenLive();
    const after = 'after' in from ? from.after : await this.#sendInitial(watcher, from.freshness);
    await catchUp(watcher, after, this.#cache, this.#options.backend);
  }

  /** Every object as ADDED, in pieces, then the bookmark that says so; the revision they show. */
  async #sendInitial(watcher: CacheWatcher, freshness: Freshness): Promise<Revision> {
    const { range, selection } = watcher;
    const page = await this.list(range, { freshness, ...(selection && { selection }) });
    const slice = new TimeSlice();
    for (const object of page.items) {
      if (watcher.stopped) break;
      watcher.added(object);
      if (slice.spent()) await slice.next();
    }
    watcher.initialEventsEnd(page.revision);
    return page.revision;
  }

  #forget(watcher: CacheWatcher): void {
    this.#watchers.delete(watcher);
    this.#options.bookmarks.remove(watcher);
    if (watcher.live) this.#cache.watchers.remove(watcher);
  }
}
