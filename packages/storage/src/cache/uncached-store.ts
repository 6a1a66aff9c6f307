import type { KvBackend } from '../kv.js';
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
import { DirectStore } from '../store/direct-store.js';
import type { ListCounters } from '../store/list-counters.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import type { StoredObject } from '../stored-object.js';
import type { BookmarkWheel } from './bookmark-wheel.js';
import type { ChangeRingLimits } from './change-ring.js';
import { RememberedSizes } from './remembered-sizes.js';
import { SharedWatch } from './shared-watch.js';
import { WatchServer } from './watch-server.js';

export interface UncachedStoreOptions {
  readonly backend: KvBackend;
  readonly layout: ResourceLayout;
  readonly bookmarks: BookmarkWheel;
  readonly ringLimits?: ChangeRingLimits;
}

/** Ticks without a watcher after which the shared watch ends: a client that comes back soon finds its history in the ring. */
const IDLE_TICKS = 75;
/** Ticks between requests for progress, without which bookmarks of a quiet resource would grow old. */
const PROGRESS_TICKS = 30;

/** A resource whose objects are read from the backend, while all its watchers share one watch. */
export class UncachedStore implements ResourceStore {
  readonly #direct: DirectStore;
  readonly #backend: KvBackend;
  readonly #watch: SharedWatch;
  readonly #server: WatchServer;
  readonly #sizes = new RememberedSizes();
  #ticks = 0;
  #idleTicks = 0;

  constructor({ backend, layout, bookmarks, ringLimits }: UncachedStoreOptions) {
    this.#backend = backend;
    this.#direct = new DirectStore(backend, layout);
    this.#watch = new SharedWatch(backend, layout, (error) => this.#server.endAll(asError(error)), ringLimits);
    const list = (range: KeyRange, options: ListOptions) => this.#direct.list(range, options);
    this.#server = new WatchServer({ source: this.#watch, backend, bookmarks, list });
  }

  get(path: string, freshness: Freshness): Promise<FoundObject> {
    return this.#direct.get(path, freshness);
  }

  async list(range: KeyRange, options: ListOptions): Promise<ListPage> {
    const page = await this.#direct.list(range, options);
    this.#sizes.remember(range, options, page);
    return page;
  }

  watch(range: KeyRange, options: WatchOptions, sink: WatchSink): Promise<WatchHandle> {
    return this.#server.watch(range, options, sink);
  }

  create(path: string, value: Uint8Array, options?: { readonly ttlSeconds?: number }): Promise<StoredObject> {
    return this.#direct.create(path, value, options);
  }

  update(path: string, transform: (current: StoredObject | undefined) => UpdateResult | Promise<UpdateResult>): Promise<UpdateOutcome> {
    return this.#direct.update(path, transform);
  }

  /** Of its lists. */
  get counters(): ListCounters {
    return this.#direct.counters;
  }

  count(): Promise<number> {
    return this.#direct.count();
  }

  sizeOf(range: KeyRange): RangeSize | undefined {
    return this.#sizes.of(range);
  }

  /** Once a second. */
  tidy(nowMs: number): void {
    if (!this.#watch.running) return;
    this.#watch.ring.trim(nowMs);
    this.#ticks += 1;
    this.#idleTicks = this.#server.size === 0 ? this.#idleTicks + 1 : 0;
    if (this.#idleTicks > IDLE_TICKS) this.#watch.stop();
    else if (this.#ticks % PROGRESS_TICKS === 0) this.#backend.requestProgress();
  }

  async dispatched(): Promise<void> {
    await this.#watch.idle();
  }

  /** Ends every watch: the reader must list again. */
  endWatches(error: Error): void {
    this.#watch.stop();
    this.#server.endAll(error);
  }

  close(): void {
    this.#watch.stop();
    this.#server.close();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
