import type { Revision } from '../kv.js';
import type { KeyRange, Selection, WatchHandle, WatchSink } from '../resource-store.js';
import type { Change } from '../store/change.js';
import { InitialEvent } from '../store/change.js';
import { rangeContains } from '../store/key-range.js';
import type { StoredObject } from '../stored-object.js';

export interface WatcherOptions {
  readonly range: KeyRange;
  readonly selection: Selection | undefined;
  /** Runs once, when the watch is over for whatever reason. */
  readonly onStop: (watcher: CacheWatcher) => void;
  /** Revision up to which every live watcher has been served. */
  readonly dispatched: () => Revision;
}

/** One watch on a cache. It first catches up on its own, then is live: served by the dispatcher with everybody else. */
export class CacheWatcher implements WatchHandle {
  readonly range: KeyRange;
  readonly selection: Selection | undefined;
  /** Everything up to here has been delivered by catching up; the dispatcher repeats none of it. */
  caughtUpTo: Revision = 0;
  live = false;
  /** A plain field: every delivery reads it, and asking a signal costs more than the delivery. */
  stopped = false;
  /** Events looked at before it was live. */
  replayed = 0;
  #stopping: AbortController | undefined;
  readonly #options: WatcherOptions;

  constructor(
    options: WatcherOptions,
    private readonly sink: WatchSink,
  ) {
    this.range = options.range;
    this.selection = options.selection;
    this.#options = options;
  }

  /** Aborted by `stop`. */
  get signal(): AbortSignal {
    this.#stopping ??= new AbortController();
    if (this.stopped) this.#stopping.abort();
    return this.#stopping.signal;
  }

  get revision(): Revision {
    return this.live ? Math.max(this.caughtUpTo, this.#options.dispatched()) : this.caughtUpTo;
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.#stopping?.abort();
    this.#options.onStop(this);
  }

  /** Initial event of an object that was there when the watch began. */
  added(object: StoredObject): void {
    if (this.stopped) return;
    this.replayed += 1;
    this.sink.event(new InitialEvent(object));
  }

  /** For those who catch up: something to wait for while the reader is behind. */
  ready(): Promise<void> | undefined {
    return this.stopped ? undefined : this.sink.ready?.();
  }

  /** A change from before it was live. */
  replay(change: Change): void {
    this.replayed += 1;
    this.deliver(change);
  }

  deliver(change: Change): void {
    if (this.stopped || change.revision <= this.caughtUpTo || !rangeContains(this.range, change.path)) return;
    try {
      const event = change.seenBy(this.selection);
      if (event !== undefined) this.sink.event(event);
    } catch (error) {
      this.end(error); // one watcher's failure is its own
    }
  }

  initialEventsEnd(revision: Revision): void {
    if (!this.stopped) this.sink.bookmark(revision, true);
  }

  /** Says nothing to a watcher that waits for a revision still to come. */
  periodicBookmark(): void {
    const dispatched = this.#options.dispatched();
    if (this.live && !this.stopped && dispatched >= this.caughtUpTo) this.sink.bookmark(dispatched, false);
  }

  end(error?: unknown): void {
    if (this.stopped) return;
    this.stop();
    if (error === undefined) this.sink.end();
    else this.sink.end(error instanceof Error ? error : new Error(String(error)));
  }
}
