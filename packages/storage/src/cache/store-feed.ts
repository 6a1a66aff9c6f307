import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyValue, KvBackend, Revision, WatchBatch } from '../kv.js';
import type { ResourceStore } from '../resource-store.js';
import { isStorageError, StorageError } from '../storage-error.js';
import { DirectStore } from '../store/direct-store.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import { scan } from '../store/scan.js';
import type { StoredObject } from '../stored-object.js';
import { TimeSlice } from '../time-slice.js';
import { BookmarkWheel } from './bookmark-wheel.js';
import { CachedStore } from './cached-store.js';
import type { ChangeRingLimits } from './change-ring.js';
import { type Delivery, Dispatcher } from './dispatcher.js';
import { ReadBarrier } from './read-barrier.js';
import { ResourceCache } from './resource-cache.js';
import { RevisionGate } from './revision-gate.js';
import { compactSlabs } from './slab-compaction.js';
import { UncachedStore } from './uncached-store.js';

const FILLS_AT_ONCE = 4;
const RETRY_MIN_MS = 50;
const RETRY_MAX_MS = 2000;
const SLAB_COMPACTION_TICKS = 60;

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

export interface CacheStats {
  readonly prefix: string;
  readonly live: boolean;
  readonly objects: number;
  readonly watchers: number;
  readonly changes: number;
  readonly changeBytes: number;
  readonly indexes: number;
}

interface Registration {
  readonly store: CachedStore | UncachedStore;
  readonly cache?: ResourceCache;
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
  readonly #registrations = new Map<string, Registration>();
  /** The same caches by the part of their prefix below the feed's. */
  readonly #routes = new Map<string, ResourceCache>();
  readonly #stopping = new AbortController();
  /** Ends the running watch so that another can begin. */
  #watching = new AbortController();
  /** The store went back to this revision. */
  #rewoundTo: Revision | undefined;
  #started = false;
  readonly #filling = new Map<ResourceCache, Promise<void>>();
  #following: Promise<void> | undefined;
  #gaps = 0;
  #ticks = 0;

  constructor(options: StoreFeedOptions) {
    this.#options = options;
    this.#backend = options.backend;
    this.#prefix = options.prefix ?? '/registry/';
    this.#barrier = new ReadBarrier(this.#backend, this.#gate, (revision) => this.#rewind(revision));
    this.#bookmarks = new BookmarkWheel(() => this.#tidy());
  }

  /** Revision that the caches show. */
  get revision(): Revision {
    return this.#gate.revision;
  }

  /** How long ago the backend last said anything; grows while it cannot be reached. */
  get silentMs(): number {
    return performance.now() - this.#gate.advancedAtMs;
  }

  /** True when every resource registered so far is served from memory. */
  get ready(): boolean {
    for (const { cache } of this.#registrations.values()) if (cache?.live === false) return false;
    return this.#started;
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
    const caches = this.#caches();
    for (const cache of caches) cache.beginFill(revision);
    this.#following = this.#follow();
    await this.#fillAll(caches);
  }

  /** Stops following; open watches end, reads go to the backend. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#watching.abort();
    this.#bookmarks.stop();
    this.#gate.close();
    await this.#following;
    for (const { store } of this.#registrations.values()) store.close();
  }

  /**
   * The store of a resource. Resources with the same prefix share one: the first registration decides. After `start` the
   * cache fills by itself, and reads go to the backend until then.
   */
  resource(layout: ResourceLayout, options: ResourceOptions = {}): ResourceStore {
    const registered = this.#registrations.get(layout.prefix);
    if (registered !== undefined) return registered.store;
    if (!layout.prefix.startsWith(this.#prefix) || !layout.prefix.endsWith('/')) {
      throw new TypeError(`prefix ${layout.prefix} must lie below ${this.#prefix} and end with a slash`);
    }
    return options.cached === false ? this.#registerUncached(layout) : this.#registerCached(layout);
  }

  #registerUncached(layout: ResourceLayout): ResourceStore {
    const { ringLimits } = this.#options;
    const store = new UncachedStore({ backend: this.#backend, layout, bookmarks: this.#bookmarks, ...(ringLimits && { ringLimits }) });
    this.#registrations.set(layout.prefix, { store });
    return store;
  }

  #registerCached(layout: ResourceLayout): ResourceStore {
    const cache = new ResourceCache(layout, this.#gate, this.#dispatcher, this.#options.ringLimits);
    const direct = new DirectStore(this.#backend, layout);
    const store = new CachedStore({ cache, direct, backend: this.#backend, barrier: this.#barrier, bookmarks: this.#bookmarks });
    this.#registrations.set(layout.prefix, { store, cache });
    this.#routes.set(layout.prefix.slice(this.#prefix.length), cache);
    if (this.#started) {
      cache.beginFill(this.#gate.revision);
      this.#fill(cache).catch((error: unknown) => this.#report(error));
    }
    return store;
  }

  /** Forgets a resource; its watches end. */
  remove(prefix: string): void {
    const registration = this.#registrations.get(prefix);
    this.#registrations.delete(prefix);
    this.#routes.delete(prefix.slice(this.#prefix.length));
    registration?.store.close();
  }

  /** Resolves when every change that the caches show has been delivered to the watchers. */
  async dispatched(): Promise<void> {
    await this.#dispatcher.idle();
    for (const { store } of this.#registrations.values()) if (store instanceof UncachedStore) await store.dispatched();
  }

  stats(): CacheStats[] {
    return this.#caches().map((cache) => ({
      prefix: cache.layout.prefix,
      live: cache.live,
      objects: cache.size,
      watchers: cache.watchers.size,
      changes: cache.ring.length,
      changeBytes: cache.ring.bytes,
      indexes: cache.indexes.size,
    }));
  }

  #caches(): ResourceCache[] {
    return [...this.#routes.values()];
  }

  async #follow(): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        if (this.#rewoundTo !== undefined) await this.#startOver();
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
      const cache = this.#route(event.key);
      const change = cache?.apply(event);
      if (cache !== undefined && change !== undefined) deliveries.push({ change, watchers: cache.watchers });
    }
    this.#publish(deliveries, Math.max(applied, batch.revision));
    await this.#dispatcher.room();
  }

  #publish(deliveries: readonly Delivery[], revision: Revision): void {
    this.#gate.advance(revision);
    this.#dispatcher.push(deliveries, revision);
  }

  /** Resource prefixes never lie within one another, so the shortest match is the only one. */
  #route(key: string): ResourceCache | undefined {
    const start = this.#prefix.length;
    for (let slash = key.indexOf('/', start); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      const cache = this.#routes.get(key.slice(start, slash + 1));
      if (cache !== undefined) return cache;
    }
    return undefined;
  }

  async #fillAll(caches: readonly ResourceCache[]): Promise<void> {
    const waiting = [...caches];
    const worker = async () => {
      for (let cache = waiting.shift(); cache !== undefined; cache = waiting.shift()) await this.#fill(cache);
    };
    await Promise.all(Array.from({ length: FILLS_AT_ONCE }, worker));
  }

  /** Fills a cache whose `beginFill` was called, from a listing at the revision the feed had reached then. */
  #fill(cache: ResourceCache): Promise<void> {
    const running = this.#filling.get(cache);
    if (running !== undefined) return running; // it notices when the fill is begun anew
    const filling = this.#fillUntilLive(cache).finally(() => this.#filling.delete(cache));
    this.#filling.set(cache, filling);
    return filling;
  }

  async #fillUntilLive(cache: ResourceCache): Promise<void> {
    let failures = 0;
    while (!cache.live && this.#isRegistered(cache)) {
      try {
        await this.#tryFill(cache);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        this.#report(error);
        await this.#pause(++failures);
        cache.beginFill(this.#gate.revision);
      }
    }
  }

  async #tryFill(cache: ResourceCache): Promise<void> {
    const slice = new TimeSlice();
    const { fills } = cache;
    for await (const { kvs } of scan(this.#backend, cache.layout.prefix, { revision: cache.filledTo })) {
      for (const kv of kvs) {
        if (cache.fills !== fills) return;
        cache.fill(kv);
        if (slice.spent()) await slice.next();
      }
    }
    if (cache.fills === fills) cache.endFill();
  }

  #isRegistered(cache: ResourceCache): boolean {
    return this.#registrations.get(cache.layout.prefix)?.cache === cache && !this.#stopping.signal.aborted;
  }

  /** History between the feed's revision and now is gone: lists everything again, and tells watchers the difference. */
  async #closeGap(): Promise<void> {
    this.#gaps += 1;
    const revision = await this.#backend.currentRevision();
    if (revision < this.#gate.revision) return this.#rewind(revision);
    const deliveries: Delivery[] = [];
    const listings = new Map<ResourceCache, KeyValue[]>();
    for (const cache of this.#caches()) if (cache.live) listings.set(cache, await this.#list(cache, revision));
    for (const [cache, listed] of listings) {
      for (const change of await cache.reconcile(listed, revision)) deliveries.push({ change, watchers: cache.watchers });
    }
    // Caches that were being filled have missed the gap as well.
    for (const cache of this.#caches()) if (!listings.has(cache)) this.#refill(cache, revision);
    this.#publish(deliveries, revision);
  }

  async #list(cache: ResourceCache, revision: Revision): Promise<KeyValue[]> {
    const listed: KeyValue[] = [];
    for await (const { kvs } of scan(this.#backend, cache.layout.prefix, { revision })) listed.push(...kvs);
    return listed;
  }

  #refill(cache: ResourceCache, revision: Revision, why?: StorageError): void {
    const lost = why ?? new StorageError('compacted', `history before revision ${revision} is compacted`, revision);
    if (cache.live) this.#registrations.get(cache.layout.prefix)?.store.endWatches(lost);
    cache.beginFill(revision);
    this.#fill(cache).catch((error: unknown) => this.#report(error));
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
    for (const { store, cache } of this.#registrations.values()) {
      if (cache === undefined) store.endWatches(lost);
      else this.#refill(cache, revision, lost);
    }
  }

  /** Once a second. */
  #tidy(): void {
    const nowMs = performance.now();
    for (const { store, cache } of this.#registrations.values()) {
      cache?.ring.trim(nowMs);
      if (store instanceof UncachedStore) store.tidy(nowMs);
    }
    this.#ticks += 1;
    if (this.#ticks % SLAB_COMPACTION_TICKS === 0) compactSlabs(() => this.#objects()).catch((error: unknown) => this.#report(error));
  }

  *#objects(): Generator<StoredObject, void, void> {
    for (const cache of this.#routes.values()) yield* cache.snapshot().range(0, Number.POSITIVE_INFINITY);
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
