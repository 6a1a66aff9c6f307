import { setImmediate as nextTurn } from 'node:timers/promises';
import { TimeSlice } from '@keelson/machinery';
import { compareKeys } from '../history/key-order.js';
import type { KvBackend, Revision } from '../kv.js';
import type {
  FoundObject,
  Freshness,
  KeyRange,
  ListOptions,
  ListPage,
  ResourceStore,
  UpdateOutcome,
  UpdateResult,
  WatchHandle,
  WatchOptions,
  WatchSink,
} from '../resource-store.js';
import { StorageError } from '../storage-error.js';
import { StoredObject } from '../stored-object.js';
import { UnreadableCollector } from '../unreadable-objects.js';
import { DirectWatch } from './direct-watch.js';
import { narrowRange } from './key-range.js';
import { ListCounters } from './list-counters.js';
import { ObjectWriter } from './object-writer.js';
import { readable } from './readable.js';
import type { ResourceLayout } from './resource-layout.js';
import { scan } from './scan.js';
import { SelectedPage } from './selected-page.js';
import { startOf, type WatchStart } from './watch-start.js';

/** A resource read and written straight in the backend: no memory of its own, every read is the store's answer. */
export class DirectStore implements ResourceStore {
  readonly #writer: ObjectWriter;

  constructor(
    private readonly backend: KvBackend,
    private readonly layout: ResourceLayout,
    readonly counters = new ListCounters(),
  ) {
    this.#writer = new ObjectWriter(backend, layout);
  }

  async get(path: string, freshness: Freshness): Promise<FoundObject> {
    const exact = exactRevision(freshness);
    const { kv, revision } = await this.backend.get(this.layout.prefix + path, exact === undefined ? undefined : { revision: exact });
    requireNotOlder(freshness, revision);
    const object = kv && new StoredObject(path, kv.value, kv.modRevision, this.layout.indexer, kv.flaw);
    return { ...(object && { object }), revision: exact ?? revision };
  }

  async list(range: KeyRange, options: ListOptions): Promise<ListPage> {
    const { selection, limit, after, freshness } = options;
    const within = narrowRange(range, selection, this.layout.namespaced);
    const page = new SelectedPage(selection, limit);
    if (within.exact === true) return this.#listOne(within.path, page, options);
    const exact = exactRevision(freshness);
    const pages = scan(this.backend, this.layout.prefix + within.path, {
      ...(exact !== undefined && { revision: exact }),
      ...(after !== undefined && { after: this.layout.prefix + after }),
      ...(limit !== undefined && limit > 0 && selection === undefined && { firstPage: limit }),
    });
    const unread = this.layout.namesUnreadable ? new UnreadableCollector() : undefined;
    let revision: Revision = 0;
    let fetched = 0;
    for await (const { kvs, remaining, revision: shown } of pages) {
      revision = shown;
      requireNotOlder(freshness, revision);
      fetched += kvs.length;
      for (const [at, kv] of kvs.entries()) {
        const path = kv.key.slice(this.layout.prefix.length);
        const object = new StoredObject(path, kv.value, kv.modRevision, this.layout.indexer, kv.flaw);
        if (unread !== undefined && object.unreadable !== undefined) unread.add(kv.key, object);
        else page.offer(readable(object, this.layout));
        if (page.full) {
          const unseen = kvs.length - at - 1;
          this.counters.listed(fetched, fetched - unseen, page.items.length);
          unread?.check();
          return page.close(revision, remaining + unseen);
        }
      }
    }
    this.counters.listed(fetched, fetched, page.items.length);
    unread?.check();
    return page.close(revision, 0);
  }

  async watch(range: KeyRange, options: WatchOptions, sink: WatchSink): Promise<WatchHandle> {
    const { selection } = options;
    const within = narrowRange(range, selection, this.layout.namespaced);
    const from = await startOf(options, this.backend);
    const watch = new DirectWatch(this.backend, this.layout, { range: within, selection, bookmarks: options.bookmarks === true }, sink);
    this.#begin(watch, from).catch((error: unknown) => watch.fail(error));
    return watch;
  }

  create(path: string, value: Uint8Array, options?: { readonly ttlSeconds?: number }): Promise<StoredObject> {
    return this.#writer.create(path, value, options);
  }

  update(path: string, transform: (current: StoredObject | undefined) => UpdateResult | Promise<UpdateResult>): Promise<UpdateOutcome> {
    return this.#writer.update(path, transform);
  }

  async count(): Promise<number> {
    return (await this.backend.list(this.layout.prefix, { limit: 1, keysOnly: true })).count;
  }

  async #listOne(path: string, page: SelectedPage, { freshness, after }: ListOptions): Promise<ListPage> {
    const { object, revision } = await this.get(path, freshness);
    if (object !== undefined && (after === undefined || compareKeys(after, path) < 0)) page.offer(object);
    return page.close(revision, 0);
  }

  async #begin(watch: DirectWatch, from: WatchStart): Promise<void> {
    await nextTurn(); // the reader has its handle before the first event
    await watch.follow('after' in from ? from.after : await this.#sendInitial(watch, from.freshness));
  }

  async #sendInitial(watch: DirectWatch, freshness: Freshness): Promise<Revision> {
    const { range, selection } = watch.options;
    const { items, revision } = await this.list(range, { freshness, ...(selection && { selection }) });
    const slice = new TimeSlice();
    for (const object of items) {
      watch.added(object);
      if (slice.spent()) await slice.next();
    }
    watch.initialEventsEnd(revision);
    return revision;
  }
}

function exactRevision(freshness: Freshness): Revision | undefined {
  return freshness.at === 'exact' ? freshness.revision : undefined;
}

function requireNotOlder(freshness: Freshness, revision: Revision): void {
  if (freshness.at !== 'notOlderThan' || freshness.revision <= revision) return;
  throw new StorageError('futureRevision', `revision ${freshness.revision} has not happened yet`, revision);
}
