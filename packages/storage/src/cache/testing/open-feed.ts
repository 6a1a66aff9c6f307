import type { KvBackend, KvListOptions, KvWatchOptions, Revision, WatchBatch } from '../../kv.js';
import { MemoryBackend } from '../../memory/index.js';
import type { WatchOptions } from '../../resource-store.js';
import type { StorageError } from '../../storage-error.js';
import { RecordingSink, testIndexer } from '../../testing/store/index.js';
import { StoreFeed } from '../store-feed.js';

export const CONSISTENT = { at: 'consistent' } as const;
export const PODS = { prefix: '/registry/pods/', namespaced: true, indexer: testIndexer };

/** A memory store whose watch can be cut, delayed and answered wrongly. */
class FaultyBackend extends MemoryBackend {
  progressIsReliable = true;
  currentRevisions = 0;
  watches = 0;
  lists: { prefix: string; options: KvListOptions | undefined }[] = [];
  /** Added to the revision that readers are told. */
  revisionOffset = 0;
  beforeList: (() => Promise<void>) | undefined;
  #held: Promise<void> | undefined;
  #release: (() => void) | undefined;
  #cut: ((error: StorageError) => void) | undefined;

  override async currentRevision(): Promise<Revision> {
    this.currentRevisions += 1;
    return (await super.currentRevision()) + this.revisionOffset;
  }

  override async list(prefix: string, options?: KvListOptions) {
    this.lists.push({ prefix, options });
    await this.beforeList?.();
    return super.list(prefix, options);
  }

  /** Batches of the feed wait until `release`. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
    this.#held = undefined;
  }

  /** The feed's watch fails. */
  cut(error: StorageError): void {
    this.#cut?.(error);
  }

  override async *watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncGenerator<WatchBatch, void, void> {
    this.watches += 1;
    if (prefix !== '/registry/') {
      yield* super.watch(prefix, from, options);
      return;
    }
    const failure = new Promise<never>((_, reject) => {
      this.#cut = reject;
    });
    failure.catch(() => undefined);
    const batches = super.watch(prefix, from, options)[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([batches.next(), failure]);
      if (next.done === true) return;
      await Promise.race([this.#held, failure]);
      yield next.value;
    }
  }
}

const opened: { feed: StoreFeed; backend: KvBackend }[] = [];

/** For `afterEach`. */
export async function closeFeeds(): Promise<void> {
  for (const { feed, backend } of opened.splice(0)) {
    await feed.stop();
    await backend.close();
  }
}

/** A feed of a store that can be made to fail, with what a test does with it. */
export async function open(start = true) {
  const backend = new FaultyBackend();
  const failures: Error[] = [];
  const feed = new StoreFeed({ backend, onFailure: (failure) => failures.push(failure) });
  opened.push({ feed, backend });
  const pods = feed.resource(PODS);
  if (start) await feed.start();
  const watch = async (options: WatchOptions = { from: { at: 'now' } }) => {
    const sink = new RecordingSink();
    sink.handle = await pods.watch({ path: '' }, options, sink);
    return sink;
  };
  const paths = async () => [...(await pods.list({ path: '' }, { freshness: CONSISTENT })).items].map(({ path }) => path);
  return { backend, feed, pods, watch, paths, failures };
}
