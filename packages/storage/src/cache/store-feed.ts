import { setTimeout as sleep } from 'node:timers/promises';
import { TimeSlice } from '@keelson/machinery';
import type { KeyValue, KvBackend, Revision, WatchBatch } from '../kv.js';
import type { ResourceStore } from '../resource-store.js';
import { isStorageError, StorageError } from '../storage-error.js';
import type { Change } from '../store/change.js';
import { DirectStore } from '../store/direct-store.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import { scan } from '../store/scan.js';
import { BookmarkWheel } from './bookmark-wheel.js';
import { CacheFiller } from './cache-filler.js';
import type { CacheStats } from './cache-stats.js';
import { CachedStore } from './cached-store.js';
import type { ChangeRingLimits } from './change-ring.js';
import { type Delivery, Dispatcher } from './dispatcher.js';
import { ReadBarrier } from './read-barrier.js';
import { ResourceCache } from './resource-cache.js';
import { RevisionGate } from './revision-gate.js';
import { compactSlabs } from './slab-compaction.js';
import { type StoreLists, StoreRegistry } from './store-registry.js';
import { UncachedStore } from './uncached-store.js';

const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 2000;
const SLAB_COMPACTION_TICKS = 60;
const FRESHNESS_TICKS = 5;

export interface StoreFeedOptions {
  readonly backend: KvBackend;
  /**
   * Key prefix of all resources.
   * @default '/registry/'
   */
  readonly prefix?: string;
  readonly ringLimits?: ChangeRingLimits;
  /** Told of failures from which the feed recovers by itself; for the log. */
  readonly onFailure?: (failure: Error) => void;
}

export interface ResourceOptions {
  /**
   * Keep the objects in memory. Not for short-lived objects that are written much and read little, such as events.
   * @default true
   */
  readonly cached?: boolean;
}

/**
 * Feeds the caches of all resources of a backend from one watch over their common prefix, so that every write of the
 * store moves every cache's revision on: a read barrier for one is a read barrier for all.
 */
export class StoreFeed {
  readonly #backend: KvBackend;
  readonly #prefix: string;
  readonly #options: StoreFeedOptions;
  readonly #gate = new RevisionGate();
  readonly #dispatcher = new Dispatcher();
  readonly #barrier: ReadBarrier;
  readonly #bookmarks: BookmarkWheel;
  readonly #registry: StoreRegistry;
  readonly #stopping = new AbortController();
  /** Ends the running watch so that another can begin. */
  #watching = new AbortController();
  /** The store went back to this revision. */
  #rewoundTo: Revision | undefined;
  #started = false;
  readonly #filler: CacheFiller;
  #following: Promise<void> | undefined;
  #gaps = 0;
  #ticks = 0;

  constructor(options: StoreFeedOptions) {
    this.#options = options;
    this.#backend = options.backend;
    this.#prefix = options.prefix ?? '/registry/';
    this.#registry = new StoreRegistry(this.#prefix);
    this.#barrier = new ReadBarrier(this.#backend, this.#gate, (revision) => this.#rewind(revision));
    this.#bookmarks = new BookmarkWheel(() => this.#tidy());
    this.#filler = new CacheFiller({
      backend: this.#backend,
      gate: this.#gate,
      isWanted: (cache) => this.#registry.has(cache) && !this.#stopping.signal.aborted,
      onFailure: (error) => this.#report(error),
      pause: (failures) => this.#pause(failures),
    });
  }

  /** Revision that the caches show. */
  get revision(): Revision {
    return this.#gate.revision;
  }

  /** How long ago the caches were last known to show everything; grows while the backend cannot be reached. */
  get staleMs(): number {
    return performance.now() - this.#barrier.passedAtMs;
  }

  /** True when every resource registered so far is served from memory. */
  get ready(): boolean {
    return this.#started && this.#registry.caches.every(({ live }) => live);
  }

  /** Times the feed had to list again because history was gone. */
  get gaps(): number {
    return this.#gaps;
  }

  /** Begins to follow the store; resolves when the resources registered so far are in memory. */
  async start(): Promise<void> {
    const revision = await this.#backend.currentRevision();
    if (this.#started) return;
    this.#started = true;
    this.#gate.advance(revision);
    this.#dispatcher.revision = revision;
    this.#following = this.#follow();
    await this.#filler.fillAll(this.#registry.caches);
  }

  /** Stops following; open watches end, reads go to the backend. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#watching.abort();
    this.#bookmarks.stop();
    this.#gate.close();
    await this.#following;
    this.#registry.close();
  }

  /**
   * The store of a resource. Resources with the same prefix share one: the first registration decides. After `start` the
   * cache fills by itself, and reads go to the backend until then.
   */
  resource(layout: ResourceLayout, options: ResourceOptions = {}): ResourceStore {
    const registered = this.#registry.find(layout);
    if (registered !== undefined) return registered;
    return options.cached === false ? this.#registerUncached(layout) : this.#registerCached(layout);
  }

  #registerUncached(layout: ResourceLayout): ResourceStore {
    const { ringLimits } = this.#options;
    const store = new UncachedStore({ backend: this.#backend, layout, bookmarks: this.#bookmarks, ...(ringLimits && { ringLimits }) });
    this.#registry.addUncached(layout, store);
    return store;
  }

  #registerCached(layout: ResourceLayout): ResourceStore {
    const cache = new ResourceCache(layout, this.#gate, this.#dispatcher, this.#options.ringLimits);
    const direct = new DirectStore(this.#backend, layout, cache.counters.stored);
    const store = new CachedStore({ cache, direct, backend: this.#backend, barrier: this.#barrier, bookmarks: this.#bookmarks });
    this.#registry.addCached(cache, store);
    if (this.#started) this.#fill(cache);
    return store;
  }

  /** Forgets a resource; its watches end. */
  remove(prefix: string): void {
    this.#registry.remove(prefix);
  }

  /** Resolves when every change that the caches show has been delivered to the watchers. */
  async dispatched(): Promise<void> {
    await this.#dispatcher.idle();
    for (const store of this.#registry.uncached) await store.dispatched();
  }

  /** Of what is kept in memory. */
  stats(): CacheStats[] {
    return this.#registry.stats();
  }

  /** What the lists of each resource have cost the store. */
  storeLists(): StoreLists[] {
    return this.#registry.storeLists();
  }

  async #follow(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        if (this.#rewoundTo !== undefined) await this.#startOver();
        if (this.#stopping.signal.aborted) return;
        this.#watching = new AbortController();
        const batches = this.#backend.watch(this.#prefix, this.#gate.revision + 1, { signal: this.#watching.signal });
        for await (const batch of batches) {
          await this.#apply(batch);
          failures = 0;
          if (this.#rewoundTo !== undefined) break;
        }
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#report(error);
        await this.#recover(error);
      }
      if (this.#rewoundTo === undefined) await this.#pause(++failures);
    }
  }

  async #recover(error: unknown): Promise<void> {
    try {
      if (isStorageError(error, 'compacted')) await this.#closeGap();
      else if (isStorageError(error, 'futureRevision')) this.#rewind(await this.#backend.currentRevision());
    } catch (failure) {
      this.#report(failure); // tried again after a pause
    }
  }

  async #apply(batch: WatchBatch): Promise<void> {
    const slice = new TimeSlice();
    let deliveries: Delivery[] = [];
    let applied = this.#gate.revision;
    for (const event of batch.events) {
      // Some etcd versions repeat old events on a new watch (etcd#20221).
      if (event.modRevision <= this.#gate.revision) continue;
      if (event.modRevision > applied && slice.spent()) {
        this.#publish(deliveries, applied);
        deliveries = [];
        await slice.next();
      }
      applied = event.modRevision;
      const cache = this.#registry.cacheOf(event.key);
      if (cache === undefined) continue;
      cache.counters.received += 1;
      const change = cache.apply(event);
      if (change !== undefined) deliveries.push({ change, watchers: cache.watchers });
    }
    this.#publish(deliveries, Math.max(applied, batch.revision));
    await this.#dispatcher.room();
  }

  #publish(deliveries: readonly Delivery[], revision: Revision): void {
    this.#gate.advance(revision);
    this.#dispatcher.push(deliveries, revision);
  }

  /** History between the feed's revision and now is gone: lists everything again, and tells watchers the difference. */
  async #closeGap(): Promise<void> {
    this.#gaps += 1;
    const revision = await this.#backend.currentRevision();
    if (revision < this.#gate.revision) return this.#rewind(revision);
    const gaps = new Map<ResourceCache, Change[]>();
    for (const cache of this.#registry.caches) if (cache.live) gaps.set(cache, await this.#difference(cache, revision));
    // No turn may pass from here on: all caches jump over the gap at once.
    const deliveries: Delivery[] = [];
    for (const [cache, changes] of gaps) {
      cache.jump(changes, revision);
      for (const change of changes) deliveries.push({ change, watchers: cache.watchers });
    }
    const filling = this.#registry.caches.filter((cache) => !gaps.has(cache));
    this.#publish(deliveries, revision);
    for (const cache of filling) this.#refill(cache, new StorageError('compacted', `history before ${revision} is compacted`, revision));
  }

  async #difference(cache: ResourceCache, revision: Revision): Promise<Change[]> {
    const listed: KeyValue[] = [];
    for await (const { kvs } of scan(this.#backend, cache.layout.prefix, { revision, counted: false }))
      for (const kv of kvs) listed.push(kv);
    cache.counters.stored.listed(listed.length, listed.length, listed.length);
    return cache.difference(listed, revision);
  }

  /** For caches that missed something while they were being filled, or whose store changed under them. */
  #refill(cache: ResourceCache, why: StorageError): void {
    if (cache.live) this.#registry.endWatches(cache, why);
    this.#fill(cache);
  }

  #fill(cache: ResourceCache): void {
    this.#filler.fill(cache).catch((error: unknown) => this.#report(error));
  }

  /** The store lost writes it had acknowledged, as after a restore from a snapshot: nothing in memory can be trusted. */
  #rewind(revision: Revision): void {
    if (this.#rewoundTo !== undefined || this.#stopping.signal.aborted) return;
    this.#report(new StorageError('compacted', `the store went back from revision ${this.#gate.revision} to ${revision}`, revision));
    this.#rewoundTo = revision;
    this.#watching.abort();
  }

  async #startOver(): Promise<void> {
    const revision = await this.#backend.currentRevision();
    this.#rewoundTo = undefined;
    await this.#dispatcher.idle();
    this.#gate.rewind(revision);
    this.#dispatcher.revision = revision;
    const lost = new StorageError('compacted', `the store went back to revision ${revision}`, revision);
    for (const store of this.#registry.uncached) store.endWatches(lost);
    for (const cache of this.#registry.caches) this.#refill(cache, lost);
  }

  /** Once a second. */
  #tidy(): void {
    const nowMs = performance.now();
    for (const cache of this.#registry.caches) cache.ring.trim(nowMs);
    for (const store of this.#registry.uncached) store.tidy(nowMs);
    this.#ticks += 1;
    // Without readers nobody would notice that the store is out of reach, or went back; and bookmarks would stand still.
    if (this.#started && this.#ticks % FRESHNESS_TICKS === 0) this.#barrier.pass().catch((error: unknown) => this.#report(error));
    if (this.#ticks % SLAB_COMPACTION_TICKS === 0)
      compactSlabs(() => this.#registry.objects()).catch((error: unknown) => this.#report(error));
  }

  async #pause(failures: number): Promise<void> {
    const delayMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(failures - 1, 10));
    try {
      await sleep(delayMs, undefined, { signal: this.#stopping.signal, ref: false });
    } catch {
      return; // stopping: nobody needs the rest of the pause
    }
  }

  #report(error: unknown): void {
    this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error)));
  }
}
