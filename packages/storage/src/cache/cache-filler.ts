import { TimeSlice } from '@keelson/machinery';
import type { KvBackend } from '../kv.js';
import { scan } from '../store/scan.js';
import type { ResourceCache } from './resource-cache.js';
import type { RevisionGate } from './revision-gate.js';

const FILLS_AT_ONCE = 4;

export interface CacheFillerOptions {
  readonly backend: KvBackend;
  readonly gate: RevisionGate;
  /** False when nobody needs the cache any more. */
  readonly isWanted: (cache: ResourceCache) => boolean;
  /** A fill failed and is begun anew after a pause; `pause` takes the failures in a row. */
  readonly onFailure: (error: unknown) => void;
  readonly pause: (failures: number) => Promise<void>;
}

/** Fills caches from listings at the revision the feed has reached; what the feed brings meanwhile, the cache keeps aside. */
export class CacheFiller {
  readonly #running = new Map<ResourceCache, Promise<void>>();

  constructor(private readonly options: CacheFillerOptions) {}

  /** Resolves when the cache is live, or nobody wants it any more. */
  fill(cache: ResourceCache): Promise<void> {
    cache.beginFill(this.options.gate.revision);
    const running = this.#running.get(cache);
    if (running !== undefined) return running; // it notices that the fill was begun anew
    const filling = this.#fillUntilLive(cache);
    this.#running.set(cache, filling);
    return filling;
  }

  /** Lists a few at a time. */
  async fillAll(caches: readonly ResourceCache[]): Promise<void> {
    const waiting = [...caches];
    const worker = async () => {
      for (let cache = waiting.shift(); cache !== undefined; cache = waiting.shift()) await this.fill(cache);
    };
    await Promise.all(Array.from({ length: FILLS_AT_ONCE }, worker));
  }

  async #fillUntilLive(cache: ResourceCache): Promise<void> {
    const { gate, isWanted, onFailure, pause } = this.options;
    let failures = 0;
    await Promise.resolve(); // until `#running` knows of this
    while (!cache.live && isWanted(cache)) {
      try {
        await this.#tryFill(cache);
      } catch (error) {
        if (!isWanted(cache)) break;
        onFailure(error);
        await pause(++failures);
        cache.beginFill(gate.revision);
      }
    }
    this.#running.delete(cache); // in the turn of the last look at `live`
  }

  async #tryFill(cache: ResourceCache): Promise<void> {
    const slice = new TimeSlice();
    const { fills } = cache;
    let fetched = 0;
    for await (const { kvs } of scan(this.options.backend, cache.layout.prefix, { revision: cache.filledTo, counted: false })) {
      fetched += kvs.length;
      for (const kv of kvs) {
        if (cache.fills !== fills) return;
        cache.fill(kv);
        if (slice.spent()) await slice.next();
      }
    }
    cache.counters.stored.listed(fetched, fetched, fetched);
    if (cache.fills === fills) cache.endFill();
  }
}
