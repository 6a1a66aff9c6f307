import { setImmediate as nextTurn } from 'node:timers/promises';
import { TimeSlice } from '@keelson/machinery';
import type { KvBackend, Revision } from '../kv.js';
import type { Freshness, KeyRange, ListOptions, ListPage, WatchHandle, WatchOptions, WatchSink } from '../resource-store.js';
import { StorageError } from '../storage-error.js';
import { narrowRange } from '../store/key-range.js';
import { startOf, type WatchStart } from '../store/watch-start.js';
import type { BookmarkWheel } from './bookmark-wheel.js';
import { CacheWatcher } from './cache-watcher.js';
import { catchUp } from './catch-up.js';
import type { ChangeSource } from './change-source.js';

export interface WatchServerOptions {
  readonly source: ChangeSource;
  readonly backend: KvBackend;
  readonly bookmarks: BookmarkWheel;
  /** Where initial events come from. */
  readonly list: (range: KeyRange, options: ListOptions) => Promise<ListPage>;
}

/** The open watches of one resource: begins them, brings them to the present and keeps account of them. */
export class WatchServer {
  /** Every open watch, live or still catching up. */
  readonly #watchers = new Set<CacheWatcher>();
  #replayed = 0;
  #closed = false;

  constructor(private readonly options: WatchServerOptions) {}

  /** Open watches. */
  get size(): number {
    return this.#watchers.size;
  }

  /** Events that watches have looked at before they were live. */
  get replayed(): number {
    return this.#replayed;
  }

  async watch(range: KeyRange, options: WatchOptions, sink: WatchSink): Promise<WatchHandle> {
    const { source, backend, bookmarks } = this.options;
    // Changes flow from a revision not after the one that `now` becomes, so that the ring holds all that follows.
    const live = source.whenLive();
    live.catch(seenByServe);
    const from = await startOf(options, backend);
    if (this.#closed) throw new StorageError('closed', 'the store is closed');
    const watcher = new CacheWatcher(
      {
        range: narrowRange(range, options.selection, source.layout.namespaced),
        selection: options.selection,
        onStop: (stopped) => this.#forget(stopped),
        dispatched: () => source.dispatched,
      },
      sink,
    );
    this.#watchers.add(watcher);
    if (options.bookmarks === true) bookmarks.add(watcher);
    this.#serve(watcher, from, live)
      .catch((error: unknown) => watcher.end(error))
      .finally(() => {
        this.#replayed += watcher.replayed;
      });
    return watcher;
  }

  /** Ends every watch: the reader must list again when there is an `error`. */
  endAll(error?: Error): void {
    for (const watcher of [...this.#watchers]) watcher.end(error);
  }

  close(): void {
    this.#closed = true;
    this.endAll();
  }

  async #serve(watcher: CacheWatcher, from: WatchStart, live: Promise<void>): Promise<void> {
    const { source, backend } = this.options;
    await nextTurn(); // the reader has its handle before the first event
    await live;
    const after = 'after' in from ? from.after : await this.#sendInitial(watcher, from.freshness);
    await catchUp(watcher, after, source, backend);
  }

  /** Every object as ADDED, in pieces, then the bookmark that says so; the revision they show. */
  async #sendInitial(watcher: CacheWatcher, freshness: Freshness): Promise<Revision> {
    const { range, selection } = watcher;
    const page = await this.options.list(range, { freshness, ...(selection && { selection }) });
    const slice = new TimeSlice();
    for (const object of page.items) {
      if (watcher.stopped) break;
      watcher.added(object);
      const pause = watcher.ready() ?? (slice.spent() ? slice.next() : undefined);
      if (pause !== undefined) await pause;
    }
    watcher.initialEventsEnd(page.revision);
    return page.revision;
  }

  #forget(watcher: CacheWatcher): void {
    this.#watchers.delete(watcher);
    this.options.bookmarks.remove(watcher);
    if (watcher.live) this.options.source.watchers.remove(watcher);
  }
}

/** The watch that waits for it fails with it, if it was accepted. */
function seenByServe(): undefined {
  return undefined;
}
