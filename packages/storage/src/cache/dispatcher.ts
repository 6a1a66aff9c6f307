import { TimeSlice } from '@keelson/machinery';
import type { Revision } from '../kv.js';
import type { Change } from '../store/change.js';
import type { WatcherIndex } from './watcher-index.js';

/** A change on its way to the live watchers of its resource. */
export interface Delivery {
  readonly change: Change;
  readonly watchers: WatcherIndex;
}

/** Deliveries that may wait before the feed is held up. */
const MAX_WAITING = 10_000;

/**
 * Brings changes to watchers, in order, a slice of time at a turn. Reads need not wait for it: the caches already show a
 * change while it is being delivered.
 */
export class Dispatcher {
  /** Everything up to here has been delivered. */
  revision: Revision = 0;
  #queue: (Delivery | Revision)[] = [];
  #next = 0;
  #busy = false;
  #running: Promise<void> = Promise.resolve();

  /** Takes the changes of a batch; everything up to `revision` is then on its way. */
  push(deliveries: readonly Delivery[], revision: Revision): void {
    if (!this.#busy && deliveries.length === 0) {
      this.revision = revision;
      return;
    }
    for (const delivery of deliveries) this.#queue.push(delivery);
    this.#queue.push(revision);
    if (!this.#busy) this.#running = this.#run();
  }

  /** Resolves when there is room for more; the feed waits here, so that what waits is bounded. */
  async room(): Promise<void> {
    if (this.#queue.length - this.#next > MAX_WAITING) await this.#running;
  }

  /** Resolves when everything pushed so far has been delivered. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Nobody waits for a single change: the first slice runs in the turn that brought it. */
  async #run(): Promise<void> {
    this.#busy = true;
    const slice = new TimeSlice();
    for (; this.#next < this.#queue.length; this.#next++) {
      const entry = this.#queue[this.#next] as Delivery | Revision;
      if (typeof entry === 'number') {
        this.revision = entry;
        continue;
      }
      entry.watchers.dispatched += 1;
      for (const watchers of entry.watchers.interestedIn(entry.change)) {
        for (const watcher of watchers) {
          watcher.deliver(entry.change);
          if (slice.spent()) await slice.next();
        }
      }
    }
    this.#queue = [];
    this.#next = 0;
    this.#busy = false;
  }
}
