import { TimeSlice } from '@keelson/machinery';
import type { KeyValue, KvEvent, Revision } from '../kv.js';
import type { KeyRange } from '../resource-store.js';
import { Change } from '../store/change.js';
import { rangeContains } from '../store/key-range.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import { StoredObject } from '../stored-object.js';
import { AttributeIndexes } from './attribute-index.js';
import { CacheCounters } from './cache-counters.js';
import { ChangeRing, type ChangeRingLimits } from './change-ring.js';
import type { ChangeSource } from './change-source.js';
import type { Dispatcher } from './dispatcher.js';
import { OrderedIndex, type OrderedSnapshot } from './ordered-index.js';
import { RangeSizes } from './range-sizes.js';
import type { RevisionGate } from './revision-gate.js';
import { WatcherIndex } from './watcher-index.js';

/**
 * The objects of one resource as of the feed's revision, and the changes that led there. Only the feed writes to it.
 * While it is filled from a listing it keeps the feed's events aside; readers must wait for `live`.
 */
export class ResourceCache implements ChangeSource {
  readonly watchers: WatcherIndex;
  readonly ring: ChangeRing;
  readonly indexes: AttributeIndexes;
  readonly counters = new CacheCounters();
  readonly sizes = new RangeSizes();
  #live = false;
  #filledTo: Revision = 0;
  #fills = 0;
  #awaitingLive: (() => void)[] = [];
  /** Events that came while filling. */
  #pending: KvEvent[] = [];
  readonly #objects = new Map<string, StoredObject>();
  readonly #index = new OrderedIndex();
  /** Paths of objects whose stored bytes could not be read when they came. */
  readonly #unreadable = new Set<string>();

  constructor(
    readonly layout: ResourceLayout,
    private readonly gate: RevisionGate,
    private readonly dispatcher: Dispatcher,
    ringLimits?: ChangeRingLimits,
  ) {
    this.watchers = new WatcherIndex(layout.triggerField);
    this.ring = new ChangeRing(ringLimits);
    this.indexes = new AttributeIndexes({
      snapshot: () => this.snapshot().range(0, Number.POSITIVE_INFINITY),
      isCurrent: (object) => this.#objects.get(object.path) === object,
    });
  }

  get live(): boolean {
    return this.#live;
  }

  /** Revision this cache shows. */
  get revision(): Revision {
    return this.gate.revision;
  }

  get dispatched(): Revision {
    return this.dispatcher.revision;
  }

  /** Revision of the listing that the cache is, or was last, filled from. */
  get filledTo(): Revision {
    return this.#filledTo;
  }

  /** Changes whenever a fill is begun: what was listed for an earlier one is worthless. */
  get fills(): number {
    return this.#fills;
  }

  whenLive(): Promise<void> {
    return this.#live ? Promise.resolve() : new Promise((resolve) => this.#awaitingLive.push(resolve));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(path: string): StoredObject | undefined {
    return this.#objects.get(path);
  }

  /** Whether the answer to a read of this range needs an object that is not readable here: the store may be able to read it by now. */
  lacksSomeOf(range: KeyRange): boolean {
    for (const path of this.#unreadable) if (rangeContains(range, path)) return true;
    return false;
  }

  snapshot(): OrderedSnapshot {
    return this.#index.snapshot();
  }

  /** Takes one event of the feed; the change to dispatch, if any. Events must come in order of their revisions. */
  apply(event: KvEvent): Change | undefined {
    if (!this.#live) {
      this.#pending.push(event);
      return undefined;
    }
    const path = event.key.slice(this.layout.prefix.length);
    const previous = this.#objects.get(path);
    if (previous !== undefined && previous.revision >= event.modRevision) return undefined;
    const object = event.value && new StoredObject(path, event.value, event.modRevision, this.layout.indexer, event.flaw);
    if (object === undefined && previous === undefined) return undefined;
    const change = new Change(path, event.modRevision, object, previous);
    this.#write(change);
    this.ring.push(change);
    return change;
  }

  /** Empties the cache for a listing at `revision`; from now on events are kept aside. */
  beginFill(revision: Revision): void {
    this.#live = false;
    this.#fills += 1;
    this.#pending = [];
    this.#objects.clear();
    this.#unreadable.clear();
    this.indexes.clear();
    this.sizes.clear();
    this.#filledTo = revision;
  }

  /** Adds a listed object; they must come in order. */
  fill(kv: KeyValue): void {
    const object = this.#objectOf(kv);
    this.sizes.replace(this.#objects.get(object.path), object);
    this.#objects.set(object.path, object);
    if (object.unreadable !== undefined) this.#unreadable.add(object.path);
  }

  /** The listing is complete: from here on the cache follows the feed. */
  endFill(): void {
    this.#index.load([...this.#objects.values()]);
    this.ring.reset(this.#filledTo);
    this.#live = true;
    this.counters.filled += 1;
    const pending = this.#pending;
    this.#pending = [];
    for (const event of pending) if (event.modRevision > this.#filledTo) this.apply(event);
    for (const resolve of this.#awaitingLive.splice(0)) resolve();
  }

  /** Lets everything go; readers turn to the backend. */
  close(): void {
    this.#live = false;
    this.#fills += 1;
    this.#pending = [];
    this.#objects.clear();
    this.#unreadable.clear();
    this.#index.load([]);
    this.indexes.clear();
    this.sizes.clear();
    this.ring.reset(this.gate.revision);
  }

  /**
   * The changes, in order of revision, that lead from what the cache shows to the state listed at `revision`. When a
   * missing object was deleted is not known; each delete gets a revision of its own within the gap, for a reader who is
   * cut off behind one change comes back for those of later revisions only.
   */
  async difference(listed: readonly KeyValue[], revision: Revision): Promise<Change[]> {
    const slice = new TimeSlice();
    const changes: Change[] = [];
    const gone = new Map(this.#objects);
    for (const kv of listed) {
      const object = this.#objectOf(kv);
      const previous = gone.get(object.path);
      gone.delete(object.path);
      if (previous?.revision !== object.revision) changes.push(new Change(object.path, object.revision, object, previous));
      if (slice.spent()) await slice.next();
    }
    const free = freeRevisions(this.gate.revision, revision, new Set(changes.map((change) => change.revision)));
    for (const [path, previous] of gone) changes.push(new Change(path, free.next().value ?? revision, undefined, previous));
    return changes.sort((a, b) => a.revision - b.revision);
  }

  /** Over a gap in the feed, by a `difference`. What happened in between is lost, so the history starts anew. */
  jump(changes: readonly Change[], revision: Revision): void {
    for (const change of changes) this.#write(change);
    this.ring.reset(revision);
  }

  #write({ path, object, previous }: Change): void {
    if (object?.unreadable !== undefined) this.#unreadable.add(path);
    else if (previous?.unreadable !== undefined) this.#unreadable.delete(path);
    if (object === undefined) {
      this.#objects.delete(path);
      this.#index.delete(path);
    } else {
      this.#objects.set(path, object);
      this.#index.put(object);
    }
    this.indexes.replace(previous, object);
    this.sizes.replace(previous, object);
    previous?.dropEncoded();
  }

  #objectOf(kv: KeyValue): StoredObject {
    return new StoredObject(kv.key.slice(this.layout.prefix.length), kv.value, kv.modRevision, this.layout.indexer, kv.flaw);
  }
}

/** Revisions behind `after`, up to `last`, that are not taken. */
function* freeRevisions(after: Revision, last: Revision, taken: ReadonlySet<Revision>): Generator<Revision, undefined> {
  for (let revision = after + 1; revision <= last; revision++) if (!taken.has(revision)) yield revision;
}
