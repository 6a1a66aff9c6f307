import type { ResourceStore } from '../resource-store.js';
import type { StorageError } from '../storage-error.js';
import type { ListCounters } from '../store/list-counters.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import type { StoredObject } from '../stored-object.js';
import { type CacheStats, statsOf } from './cache-stats.js';
import { CachedStore } from './cached-store.js';
import type { ResourceCache } from './resource-cache.js';
import { UncachedStore } from './uncached-store.js';

interface Registration {
  readonly store: CachedStore | UncachedStore;
  readonly cache?: ResourceCache;
  readonly lists: ListCounters;
}

/** Of the resource whose keys begin with `prefix`. */
export interface StoreLists {
  readonly prefix: string;
  readonly counters: ListCounters;
}

/** The stores of all resources of a feed, and their caches by key. */
export class StoreRegistry {
  readonly #registrations = new Map<string, Registration>();
  /** Caches by the part of their prefix below the feed's. */
  readonly #routes = new Map<string, ResourceCache>();

  /** `prefix` begins every key of the feed. */
  constructor(private readonly prefix: string) {}

  /** The store registered for a prefix; throws for one that cannot be registered. */
  find({ prefix }: ResourceLayout): ResourceStore | undefined {
    const registered = this.#registrations.get(prefix);
    if (registered !== undefined) return registered.store;
    if (!prefix.startsWith(this.prefix) || !prefix.endsWith('/')) {
      throw new TypeError(`prefix ${prefix} must lie below ${this.prefix} and end with a slash`);
    }
    return undefined;
  }

  addUncached({ prefix }: ResourceLayout, store: UncachedStore): void {
    this.#registrations.set(prefix, { store, lists: store.counters });
  }

  addCached(cache: ResourceCache, store: CachedStore): void {
    const { prefix } = cache.layout;
    this.#registrations.set(prefix, { store, cache, lists: cache.counters.stored });
    this.#routes.set(prefix.slice(this.prefix.length), cache);
  }

  /** Forgets a resource; its watches end. */
  remove(prefix: string): void {
    const registration = this.#registrations.get(prefix);
    this.#registrations.delete(prefix);
    this.#routes.delete(prefix.slice(this.prefix.length));
    registration?.store.close();
  }

  has({ layout }: ResourceCache): boolean {
    return this.#registrations.has(layout.prefix);
  }

  get caches(): ResourceCache[] {
    return [...this.#routes.values()];
  }

  /** Stores of resources that are not kept in memory. */
  get uncached(): UncachedStore[] {
    return [...this.#registrations.values()].flatMap(({ store }) => (store instanceof UncachedStore ? [store] : []));
  }

  /** Resource prefixes never lie within one another, so the shortest match is the only one. */
  cacheOf(key: string): ResourceCache | undefined {
    const start = this.prefix.length;
    for (let slash = key.indexOf('/', start); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      const cache = this.#routes.get(key.slice(start, slash + 1));
      if (cache !== undefined) return cache;
    }
    return undefined;
  }

  /** Ends the watches of a cache's resource. */
  endWatches({ layout }: ResourceCache, why: StorageError): void {
    this.#registrations.get(layout.prefix)?.store.endWatches(why);
  }

  /** Every object in memory. */
  *objects(): Generator<StoredObject, void, void> {
    for (const cache of this.#routes.values()) yield* cache.snapshot().range(0, Number.POSITIVE_INFINITY);
  }

  stats(): CacheStats[] {
    const stats: CacheStats[] = [];
    for (const { store, cache } of this.#registrations.values()) {
      if (cache !== undefined && store instanceof CachedStore) stats.push(statsOf(cache, store));
    }
    return stats;
  }

  storeLists(): StoreLists[] {
    return Array.from(this.#registrations, ([prefix, { lists }]) => ({ prefix, counters: lists }));
  }

  /** Ends every watch. */
  close(): void {
    for (const { store } of this.#registrations.values()) store.close();
  }
}
