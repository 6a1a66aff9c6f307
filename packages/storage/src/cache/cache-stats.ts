import type { Histogram } from '@keelson/machinery';
import type { Revision } from '../kv.js';
import type { IndexUse } from './cache-counters.js';
import type { CachedStore } from './cached-store.js';
import type { ResourceCache } from './resource-cache.js';

/** What is known of one resource's cache; for metrics. */
export interface CacheStats {
  readonly prefix: string;
  readonly live: boolean;
  readonly objects: number;
  readonly watchers: number;
  readonly changes: number;
  readonly changeBytes: number;
  /** Changes that there is room for as things are: it grows with those that are not old enough to be let go. */
  readonly capacity: number;
  /** Of the objects as they are encoded for the store. */
  readonly objectBytes: number;
  readonly indexes: number;
  /** That the cache shows. */
  readonly revision: Revision;
  /** Events that the feed has brought, and changes that were dispatched to watchers. */
  readonly received: number;
  readonly dispatched: number;
  /** Events that watches have looked at before they were live. */
  readonly replayed: number;
  /** Times the cache was filled from a listing. */
  readonly filled: number;
  /** Lists by the index they have used. */
  readonly uses: ReadonlyMap<string, IndexUse>;
  /** Objects that lists have returned. */
  readonly returned: number;
  /** Lists that had to show every write: those that the cache answered, and those that the store had to. */
  readonly consistent: number;
  readonly fallback: number;
  /** How long reads waited for the cache to show what they must, in seconds. */
  readonly waits: Histogram;
}

export function statsOf(cache: ResourceCache, store: CachedStore): CacheStats {
  const { received, filled, returned, consistent, fallback, uses, waits } = cache.counters;
  return {
    prefix: cache.layout.prefix,
    live: cache.live,
    objects: cache.size,
    watchers: cache.watchers.size,
    changes: cache.ring.length,
    changeBytes: cache.ring.bytes,
    capacity: cache.ring.capacity,
    objectBytes: cache.sizes.of({ path: '' }).bytes,
    indexes: cache.indexes.size,
    revision: cache.revision,
    received,
    dispatched: cache.watchers.dispatched,
    replayed: store.replayed,
    filled,
    uses,
    returned,
    consistent,
    fallback,
    waits,
  };
}
