import type { BodyCache } from './encoded-bodies.js';
import type { Revision } from './kv.js';
import type { StoredObject } from './stored-object.js';

/**
 * Part of a resource's key space, relative to its prefix: '' is everything, 'default/' one namespace, 'default/web'
 * (or 'web' for cluster-scoped resources) one object when `exact`.
 */
export interface KeyRange {
  readonly path: string;
  readonly exact?: boolean;
}

/** How much is stored in a range; `bytes` as they are stored. */
export interface RangeSize {
  readonly objects: number;
  readonly bytes: number;
}

/** Which objects of a range a reader wants. `matches` decides; the rest lets the cache skip what cannot match. */
export interface Selection {
  matches(object: StoredObject): boolean;
  /** Exact label values that every match has. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Exact values of indexed fields that every match has, such as `spec.nodeName`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/**
 * Freshness of a read (KEP-2340, API conventions "resourceVersion"):
 * - `consistent`: sees every write acknowledged before the read began (resourceVersion unset);
 * - `any`: whatever is at hand, fastest (resourceVersion=0);
 * - `notOlderThan`: at least this revision; `StorageError` futureRevision when it is not reached in time;
 * - `exact`: the state at this revision; `StorageError` compacted or futureRevision when it is not there.
 */
export type Freshness =
  | { readonly at: 'consistent' }
  | { readonly at: 'any' }
  | { readonly at: 'notOlderThan'; readonly revision: Revision }
  | { readonly at: 'exact'; readonly revision: Revision };

export interface ListOptions {
  readonly freshness: Freshness;
  readonly selection?: Selection;
  /** At most this many objects; 0 or absent means all. */
  readonly limit?: number;
  /** Start behind this key path (exclusive), as a continue token carries it. */
  readonly after?: string;
}

export interface ListPage {
  /**
   * In ascending byte order of keys. A stable snapshot: may be read over many turns of the event loop, and more than
   * once. Where the same iterable comes again, so do its objects: what was made of them can be kept by it.
   */
  readonly items: Iterable<StoredObject>;
  readonly length: number;
  /** The store revision this page shows; later pages of the same list must ask for exactly it. */
  readonly revision: Revision;
  /** Key path of the last object looked at when more may follow. */
  readonly continueAfter?: string;
  /** Objects behind this page; only known without a selection. */
  readonly remaining?: number;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** A change as one kind of watcher sees it. Shared by all of them: encoded frames are kept on it, see `encoded`. */
export interface WatchEvent {
  readonly type: WatchEventType;
  /** For DELETED: the last state, carrying the revision of the delete. */
  readonly object: StoredObject;
  /** For MODIFIED: the state before. */
  readonly previous?: StoredObject | undefined;
  readonly revision: Revision;
  /** Wire frames by format, made by the first watcher that needs one; cold ones are dropped, see `EncodedBodies`. */
  readonly encoded: BodyCache;
}

/** Receives a watch. Calls are synchronous and in order; the sink never makes those wait who deliver what has just happened. */
export interface WatchSink {
  /**
   * Asked while the watch catches up, from initial events or from history, which may be far more than a reader takes at
   * once: a promise while the reader is behind, settled when it can take more or has gone; undefined to go on.
   */
  ready?(): Promise<void> | undefined;
  event(event: WatchEvent): void;
  /** Everything up to `revision` has been delivered. `initial` marks the end of the initial events (KEP-3157). */
  bookmark(revision: Revision, initial: boolean): void;
  /**
   * The watch is over: by `error` (compacted: the reader must list again), or because the store closes. Called at most
   * once. Every failure of an accepted watch comes here, never as a rejection of `watch`.
   */
  end(error?: Error): void;
}

export interface WatchOptions {
  /**
   * First revision the reader has already seen; events after it are delivered.
   * `now`: from the current state on, without initial events.
   * `initial`: first every object of the range as ADDED, then an `initial` bookmark, then live events.
   */
  readonly from: { readonly after: Revision } | { readonly at: 'now' } | { readonly at: 'initial'; readonly freshness: Freshness };
  readonly selection?: Selection;
  /** Periodic bookmarks, about every minute. */
  readonly bookmarks?: boolean;
}

export interface WatchHandle {
  /** Everything the watcher wants to see up to here has been delivered: what a last bookmark may say. */
  readonly revision: Revision;
  /** Stops delivery at once; `end` is not called. */
  stop(): void;
}

/** What an update's transform wants done with the object it was shown. */
export type UpdateResult =
  /** `evenIfSame`: the bytes are written though they are what is stored; by default that is no write. */
  | { readonly action: 'put'; readonly value: Uint8Array; readonly ttlSeconds?: number; readonly evenIfSame?: boolean }
  | { readonly action: 'delete' }
  | { readonly action: 'keep' };

/** What an update did: `previous` is what it replaced, `current` what is stored now (for a delete: the last state, at the delete's revision). */
export interface UpdateOutcome {
  readonly action: 'created' | 'updated' | 'deleted' | 'unchanged';
  readonly previous?: StoredObject;
  readonly current?: StoredObject;
}

/** The object at a path, where there is one, as of a revision. */
export interface FoundObject {
  readonly object?: StoredObject;
  readonly revision: Revision;
}

/**
 * One resource's objects. Everything is optimistic: there are no locks, writers compare and set.
 * Keys here are paths below the resource's prefix: `default/web`.
 */
export interface ResourceStore {
  /** A plain value where nothing has to be waited for. */
  get(path: string, freshness: Freshness): FoundObject | Promise<FoundObject>;
  list(range: KeyRange, options: ListOptions): Promise<ListPage>;
  watch(range: KeyRange, options: WatchOptions, sink: WatchSink): Promise<WatchHandle>;
  /** Throws `keyExists`. */
  create(path: string, value: Uint8Array, options?: { readonly ttlSeconds?: number }): Promise<StoredObject>;
  /**
   * Shows the current object to `transform` (undefined when there is none) and does what it says, by compare-and-set;
   * when another writer was faster, `transform` runs again on the newer state. It must therefore be free of side
   * effects. The first run may be on a cached, stale object: what it throws, and what it wants kept, is believed only
   * after a run on the stored state. Writing bytes equal to the stored ones is no write ('unchanged'). Deleting what
   * does not exist throws `keyNotFound`.
   */
  update(path: string, transform: (current: StoredObject | undefined) => UpdateResult | Promise<UpdateResult>): Promise<UpdateOutcome>;
  /** Number of objects, from memory when cached; for metrics. */
  count(): Promise<number>;
  /** What a list of everything, or of a namespace, would read; undefined where that cannot be told from memory. */
  sizeOf?(range: KeyRange): RangeSize | undefined;
}
