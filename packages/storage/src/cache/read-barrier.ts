import type { KvBackend, Revision } from '../kv.js';
import type { RevisionGate } from './revision-gate.js';

export interface BarrierTimes {
  /** How long the feed may take by itself. */
  readonly patienceMs: number;
  /** How long it may take after it was asked for progress. */
  readonly timeoutMs: number;
}

/**
 * Patience is a few watch latencies. A backend that cannot be asked for progress can only be waited for while there are
 * writes; behind a revision that no write of the feed's range made, waiting longer is in vain.
 */
const TIMES: BarrierTimes = { patienceMs: 5, timeoutMs: 3000 };
const TIMES_WITHOUT_PROGRESS: BarrierTimes = { patienceMs: 5, timeoutMs: 100 };

/**
 * Makes cached reads consistent (KEP-2340): asks for the store's current revision and waits until the caches show it.
 * Readers share one request, but never one that was sent before they came.
 */
export class ReadBarrier {
  #request: Promise<Revision> | undefined;
  #next: Promise<boolean> | undefined;
  #passedAtMs = performance.now();
  /** Highest revision of the store that was waited for in vain: the next reader need not wait as well. */
  #missed: Revision = 0;

  constructor(
    private readonly backend: KvBackend,
    private readonly gate: RevisionGate,
    private readonly onRewind: (revision: Revision) => void,
  ) {}

  /** When a pass last succeeded, on the clock of `performance.now()`. */
  get passedAtMs(): number {
    return this.#passedAtMs;
  }

  /** True when the caches show every write acknowledged before this call; false when that cannot be known in time. */
  pass(): Promise<boolean> {
    this.#next ??= this.#passAfter(this.#request);
    return this.#next;
  }

  /** True once the caches have reached `revision`. */
  async reach(revision: Revision): Promise<boolean> {
    const { patienceMs, timeoutMs } = this.backend.progressIsReliable === false ? TIMES_WITHOUT_PROGRESS : TIMES;
    if (await this.gate.wait(revision, patienceMs)) return true;
    this.backend.requestProgress();
    return this.gate.wait(revision, timeoutMs);
  }

  async #passAfter(request: Promise<Revision> | undefined): Promise<boolean> {
    // Everybody who comes while a request is on its way, or in the same moment, joins this pass.
    await request?.catch(ignoreFailure);
    this.#next = undefined;
    const shown = this.gate.revision;
    const current = await this.#askRevision();
    if (current < shown) {
      this.onRewind(current);
      return false;
    }
    const passed = current <= this.gate.revision || (current > this.#missed && (await this.reach(current)));
    if (passed) this.#passedAtMs = performance.now();
    else this.#missed = Math.max(this.#missed, current);
    return passed;
  }

  async #askRevision(): Promise<Revision> {
    const request = this.backend.currentRevision();
    this.#request = request;
    try {
      return await request;
    } finally {
      if (this.#request === request) this.#request = undefined;
    }
  }
}

/** Those who waited for the earlier request are told of its failure; later ones make their own. */
function ignoreFailure(): undefined {
  return undefined;
}
