import { Histogram } from '@keelson/machinery';
import { ListCounters } from '../store/list-counters.js';

/** Seconds: as kube-apiserver. */
const waitBounds = Float64Array.of(0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3);

/** What lists by one index have cost; by none, under the name ''. */
export interface IndexUse {
  readonly lists: number;
  /** Objects that were looked at. */
  readonly fetched: number;
}

/** What one cache has done since it was made; for metrics. */
export class CacheCounters {
  /** Events that the feed has brought. */
  received = 0;
  /** Times the cache was filled from a listing. */
  filled = 0;
  /** Objects that lists have returned. */
  returned = 0;
  /** Lists that had to show every write: those that the cache answered, and those that the store had to. */
  consistent = 0;
  fallback = 0;
  /** Lists that the store had to answer, those that fill the cache among them. */
  readonly stored = new ListCounters();
  /** How long reads waited for the cache to show what they must, in seconds. */
  readonly waits = new Histogram(waitBounds);
  readonly #uses = new Map<string, { lists: number; fetched: number }>();

  get uses(): ReadonlyMap<string, IndexUse> {
    return this.#uses;
  }

  listed(index: string, fetched: number, returned: number): void {
    this.returned += returned;
    const use = this.#uses.get(index);
    if (use === undefined) this.#uses.set(index, { lists: 1, fetched });
    else {
      use.lists += 1;
      use.fetched += fetched;
    }
  }
}
