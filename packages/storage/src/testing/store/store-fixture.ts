import { DEFAULT_RING_LIMITS } from '../../cache/change-ring.js';
import { StoreFeed } from '../../cache/store-feed.js';
import type { KvBackend, Revision } from '../../kv.js';
import type { KeyRange, ListOptions, ResourceStore, Selection, WatchOptions } from '../../resource-store.js';
import { DirectStore } from '../../store/direct-store.js';
import type { ResourceLayout } from '../../store/resource-layout.js';
import type { StoredObject } from '../../stored-object.js';
import { RecordingSink } from './recording-sink.js';
import { testIndexer } from './test-object.js';

/** Small enough that tests can push changes out of it. */
const SMALL_RING = { ...DEFAULT_RING_LIMITS, maxChanges: 100 };

/** Straight on the backend, from memory, or from the backend with shared watches. */
export type StoreKind = 'direct' | 'cached' | 'uncached';

/** A store under test: two resources whose prefixes begin alike, on a key space of their own. */
export class StoreFixture {
  readonly pods: ResourceStore;
  readonly podtemplates: ResourceStore;
  readonly #sinks: RecordingSink[] = [];

  private constructor(
    readonly backend: KvBackend,
    readonly prefix: string,
    readonly feed: StoreFeed | undefined,
    private readonly cached: boolean,
  ) {
    this.pods = this.store('pods/', { triggerField: 'spec.nodeName' });
    this.podtemplates = this.store('podtemplates/');
  }

  static async open(backend: KvBackend, prefix: string, kind: StoreKind): Promise<StoreFixture> {
    const feed = kind !== 'direct' ? new StoreFeed({ backend, prefix, ringLimits: SMALL_RING }) : undefined;
    const fixture = new StoreFixture(backend, prefix, feed, kind === 'cached');
    await feed?.start();
    return fixture;
  }

  /** A resource of the test's key space; with a cache it is registered now. */
  store(below: string, layout: Partial<ResourceLayout> = {}): ResourceStore {
    const complete = { namespaced: true, indexer: testIndexer, ...layout, prefix: this.prefix + below };
    return this.feed?.resource(complete, { cached: this.cached }) ?? new DirectStore(this.backend, complete);
  }

  async close(): Promise<void> {
    for (const sink of this.#sinks) sink.handle?.stop();
    await this.feed?.stop();
  }

  async watch(range: KeyRange, options: WatchOptions, store: ResourceStore = this.pods): Promise<RecordingSink> {
    const sink = new RecordingSink();
    this.#sinks.push(sink);
    sink.handle = await store.watch(range, options, sink);
    return sink;
  }

  /** A watch of everything that happens from now on. */
  watchAll(selection?: Selection): Promise<RecordingSink> {
    return this.watch({ path: '' }, { from: { at: 'now' }, ...(selection && { selection }) });
  }

  /** Paths of a consistent list. */
  async paths(options: Partial<ListOptions> = {}, range: KeyRange = { path: '' }): Promise<string[]> {
    const page = await this.pods.list(range, { freshness: { at: 'consistent' }, ...options });
    return [...page.items].map((object) => object.path);
  }

  /** Creates the objects and returns them in order. */
  async create(...objects: readonly { readonly path: string; readonly value: Buffer }[]): Promise<StoredObject[]> {
    const created: StoredObject[] = [];
    for (const { path, value } of objects) created.push(await this.pods.create(path, value));
    return created;
  }

  async replace(path: string, value: Buffer): Promise<StoredObject> {
    const { current } = await this.pods.update(path, () => ({ action: 'put', value }));
    if (current === undefined) throw new Error(`${path} was not stored`);
    return current;
  }

  async delete(path: string): Promise<Revision> {
    const { current } = await this.pods.update(path, () => ({ action: 'delete' }));
    if (current === undefined) throw new Error(`${path} was not deleted`);
    return current.revision;
  }
}
