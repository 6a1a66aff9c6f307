import type { KvBackend, Revision } from '../kv.js';
import type { KeyRange, Selection, WatchHandle, WatchSink } from '../resource-store.js';
import { isStorageError } from '../storage-error.js';
import type { StoredObject } from '../stored-object.js';
import { ObjectEvent } from './change.js';
import { streamChanges } from './change-stream.js';
import { rangeContains } from './key-range.js';
import type { ResourceLayout } from './resource-layout.js';

const BOOKMARK_INTERVAL_MS = 60_000;

export interface DirectWatchOptions {
  readonly range: KeyRange;
  readonly selection: Selection | undefined;
  readonly bookmarks: boolean;
}

/** One watcher with a watch of its own on the backend. */
export class DirectWatch implements WatchHandle {
  revision: Revision = 0;
  readonly #stopping = new AbortController();

  constructor(
    private readonly backend: KvBackend,
    private readonly layout: ResourceLayout,
    readonly options: DirectWatchOptions,
    private readonly sink: WatchSink,
  ) {}

  get stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Initial event of an object that was there when the watch began. */
  added(object: StoredObject): void {
    if (!this.stopped) this.sink.event(new ObjectEvent('ADDED', object, object.revision));
  }

  initialEventsEnd(revision: Revision): void {
    if (!this.stopped) this.sink.bookmark(revision, true);
  }

  fail(error: unknown): void {
    if (this.stopped) return;
    this.stop();
    this.sink.end(error instanceof Error ? error : new Error(String(error)));
  }

  /** Delivers everything after revision `after` until the watch is stopped. */
  async follow(after: Revision): Promise<void> {
    this.revision = after;
    const bookmarks = this.options.bookmarks ? setInterval(() => this.#bookmark(), BOOKMARK_INTERVAL_MS).unref() : undefined;
    try {
      await this.#deliver(after, after + 1);
      if (!this.stopped) {
        this.stop();
        this.sink.end();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      clearInterval(bookmarks);
    }
  }

  async #deliver(after: Revision, from: Revision): Promise<void> {
    try {
      for await (const batch of streamChanges(this.backend, this.layout, this.options.range.path, from, this.#stopping.signal)) {
        for (const change of batch.changes) {
          if (this.stopped) return;
          if (change.revision <= after || !rangeContains(this.options.range, change.path)) continue;
          const event = change.seenBy(this.options.selection);
          this.revision = change.revision;
          if (event !== undefined) this.sink.event(event);
        }
        this.revision = Math.max(this.revision, batch.revision);
      }
    } catch (error) {
      // A revision that has not happened yet: wait for it from now on.
      if (!isStorageError(error, 'futureRevision') || this.stopped) throw error;
      await this.#deliver(after, (await this.backend.currentRevision()) + 1);
    }
  }

  #bookmark(): void {
    if (!this.stopped) this.sink.bookmark(this.revision, false);
    this.backend.requestProgress();
  }
}
