import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, Log } from '@keelson/machinery';
import { type ResourceStore, type Revision, StoreFeed } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import type { Source, SourceEvent } from './source.js';
import { pathOf, type VirtualForm } from './virtual-object.js';

const ROOT = '/virtual/';
const PREFIX = `${ROOT}objects/`;
/** Pause before a source that has ended is asked again: at first, and at most. */
const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 10_000;

export interface WatchableSource<T extends KubeObject> extends Source<T> {
  watch: NonNullable<Source<T>['watch']>;
}

export function isWatchable<T extends KubeObject>(source: Source<T>): source is WatchableSource<T> {
  return source.watch !== undefined;
}

/** What a watch tells, of which the first event is waited for already. */
interface Changes<T extends KubeObject> {
  readonly events: AsyncIterator<SourceEvent<T>>;
  readonly first: Promise<IteratorResult<SourceEvent<T>>>;
}

/**
 * Follows a source into a store in memory, so that reads and watches of its objects are those of any other resource.
 * Revisions begin at the time of the start: who comes back to another process lists anew.
 */
export class FollowedSource<T extends KubeObject> {
  readonly #source: WatchableSource<T>;
  readonly #form: VirtualForm;
  readonly #backend = new MemoryBackend({ firstRevision: Date.now() });
  readonly #feed = new StoreFeed({ backend: this.#backend, prefix: ROOT });
  readonly #stopping = new AbortController();
  readonly #known = new Map<string, { readonly value: Buffer; readonly revision: Revision }>();
  readonly store: ResourceStore;
  #following: Promise<void> | undefined;

  constructor(source: WatchableSource<T>, form: VirtualForm, namespaced: boolean) {
    this.#source = source;
    this.#form = form;
    this.store = this.#feed.resource({ prefix: PREFIX, namespaced, indexer: form.indexer });
  }

  /** Resolves when everything that the source has is there. Rejects when it cannot be listed. */
  async start(log: Log): Promise<void> {
    await this.#feed.start();
    const changes = this.#changes();
    await this.#fill();
    this.#following = this.#follow(changes, log);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await this.#feed.stop();
    await this.#backend.close();
  }

  /** Goes on until it is stopped: a source that ends is asked again. */
  async #follow(first: Changes<T>, log: Log): Promise<void> {
    const { signal } = this.#stopping;
    let changes: Changes<T> | undefined = first;
    for (let pauseMs = FIRST_RETRY_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, MOST_RETRY_MS)) {
      try {
        if (changes === undefined) {
          changes = this.#changes();
          await this.#fill();
          pauseMs = FIRST_RETRY_MS;
        }
        await this.#take(changes);
      } catch (error) {
        if (!signal.aborted) log.warn('the watch of a source was interrupted', { error });
      }
      changes = undefined;
      // Ends early where it is stopped meanwhile.
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Watches before anything is listed, so that nothing happens unseen between the two. */
  #changes(): Changes<T> {
    const { signal } = this.#stopping;
    const events = this.#source.watch({ signal })[Symbol.asyncIterator]();
    const first = events.next();
    // Its failure is told when it is looked at.
    first.catch(() => undefined);
    return { events, first };
  }

  async #take({ events, first }: Changes<T>): Promise<void> {
    for (let next = first; ; next = events.next()) {
      const told = await unlessAborted(next, this.#stopping.signal);
      if (told === undefined) return void events.return?.();
      if (told.done) return;
      const { type, object } = told.value;
      if (type === 'DELETED') await this.#delete(pathOf(object));
      else await this.#put(pathOf(object), this.#form.encode(object));
    }
  }

  async #fill(): Promise<void> {
    const found = new Map((await this.#source.list({ namespace: '' })).map((object) => [pathOf(object), this.#form.encode(object)]));
    for (const [path, value] of found) await this.#put(path, value);
    for (const path of [...this.#known.keys()]) if (!found.has(path)) await this.#delete(path);
  }

  /** What is told again as it was is no change. */
  async #put(path: string, value: Buffer): Promise<void> {
    const known = this.#known.get(path);
    if (known?.value.equals(value)) return;
    const { revision } = await this.#backend.put(`${PREFIX}${path}`, value, known?.revision ?? 0);
    this.#known.set(path, { value, revision });
  }

  async #delete(path: string): Promise<void> {
    const known = this.#known.get(path);
    if (known === undefined) return;
    this.#known.delete(path);
    await this.#backend.delete(`${PREFIX}${path}`, known.revision);
  }
}

/** Undefined once it is aborted. A race with one promise of the abort would keep all that was ever waited for. */
function unlessAborted<T>(waited: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    waited.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) onAbort();
  });
}
