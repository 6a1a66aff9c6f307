import type { KvBackend, Revision } from '../kv.js';
import { streamChanges } from '../store/change-stream.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import { ChangeRing, type ChangeRingLimits } from './change-ring.js';
import type { ChangeSource } from './change-source.js';
import { type Delivery, Dispatcher } from './dispatcher.js';
import { WatcherIndex } from './watcher-index.js';

/**
 * One watch on the backend for all watchers of a resource whose objects are not kept in memory. It runs only while
 * somebody watches: such resources are written much and watched by few.
 */
export class SharedWatch implements ChangeSource {
  readonly ring: ChangeRing;
  readonly watchers: WatcherIndex;
  readonly #dispatcher = new Dispatcher();
  #revision: Revision = 0;
  #live: Promise<void> | undefined;
  #running: AbortController | undefined;

  /** `onFailure` is told why the watch ended; every watcher must then be ended. */
  constructor(
    private readonly backend: KvBackend,
    readonly layout: ResourceLayout,
    private readonly onFailure: (error: unknown) => void,
    ringLimits?: ChangeRingLimits,
  ) {
    this.ring = new ChangeRing(ringLimits);
    this.watchers = new WatcherIndex(layout.triggerField);
  }

  get running(): boolean {
    return this.#live !== undefined;
  }

  get revision(): Revision {
    return this.#revision;
  }

  get dispatched(): Revision {
    return this.#dispatcher.revision;
  }

  whenLive(): Promise<void> {
    this.#live ??= this.#start();
    return this.#live;
  }

  /** Resolves when every change received so far has been delivered. */
  async idle(): Promise<void> {
    await this.#dispatcher.idle();
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#live = undefined;
  }

  async #start(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const revision = await this.backend.currentRevision();
      await this.#dispatcher.idle();
      if (running.signal.aborted) return;
      this.#revision = revision;
      this.#dispatcher.revision = revision;
      this.ring.reset(revision);
    } catch (error) {
      if (this.#running === running) this.stop();
      throw error;
    }
    this.#follow(running).catch((error: unknown) => {
      if (this.#running !== running) return;
      this.stop();
      this.onFailure(error);
    });
  }

  async #follow(running: AbortController): Promise<void> {
    const { signal } = running;
    for await (const { changes, revision } of streamChanges(this.backend, this.layout, '', this.#revision + 1, signal)) {
      if (signal.aborted) return;
      const deliveries: Delivery[] = [];
      for (const change of changes) {
        this.ring.push(change);
        deliveries.push({ change, watchers: this.watchers });
      }
      this.#revision = Math.max(this.#revision, revision);
      this.#dispatcher.push(deliveries, this.#revision);
      await this.#dispatcher.room();
    }
  }
}
