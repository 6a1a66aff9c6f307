import type { Revision } from '../kv.js';
import type { Change } from '../store/change.js';

export interface ChangeRingLimits {
  /** Kept whatever their age or size. */
  readonly minChanges: number;
  readonly maxChanges: number;
  /** Of the objects that the changes carry. */
  readonly maxBytes: number;
  /** Changes older than this are let go. */
  readonly maxAgeMs: number;
}

/** As kube-apiserver: 75 seconds, and never fewer than 100 changes. */
export const DEFAULT_RING_LIMITS: ChangeRingLimits = {
  minChanges: 100,
  maxChanges: 100 * 1024,
  maxBytes: 32 * 1024 * 1024,
  maxAgeMs: 75_000,
};

/**
 * The latest changes of a resource in order, addressed by a sequence number that never repeats. It holds every change
 * after `after`, and nothing else.
 */
export class ChangeRing {
  #changes: Change[] = [];
  /** When each change came, in step with `#changes`. */
  #arrivedAtMs: number[] = [];
  /** Index of the oldest kept change; what lies before it is cut off once it outweighs the rest. */
  #head = 0;
  /** Sequence number of index 0. */
  #base = 0;
  #bytes = 0;
  #after: Revision = 0;

  constructor(private readonly limits: ChangeRingLimits = DEFAULT_RING_LIMITS) {}

  /** Revision behind which no change is missing. */
  get after(): Revision {
    return this.#after;
  }

  get length(): number {
    return this.#changes.length - this.#head;
  }

  /** Changes that are kept whatever comes: as many as there are, and never fewer than the least. */
  get capacity(): number {
    return Math.max(this.limits.minChanges, this.length);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Sequence number of the oldest kept change. */
  get begin(): number {
    return this.#base + this.#head;
  }

  /** Sequence number that the next change will have. */
  get end(): number {
    return this.#base + this.#changes.length;
  }

  push(change: Change): void {
    const nowMs = performance.now();
    this.#changes.push(change);
    this.#arrivedAtMs.push(nowMs);
    this.#bytes += change.bytes;
    this.trim(nowMs);
  }

  /** Lets go of what is too old or too much. */
  trim(nowMs: number): void {
    const { minChanges, maxChanges, maxBytes, maxAgeMs } = this.limits;
    while (this.length > minChanges) {
      const oldestAgeMs = nowMs - (this.#arrivedAtMs[this.#head] as number);
      if (this.length <= maxChanges && this.#bytes <= maxBytes && oldestAgeMs <= maxAgeMs) break;
      this.#dropOldest();
    }
    if (this.#head > 64 && this.#head > this.#changes.length / 2) this.#cut();
  }

  /** Forgets every change: history begins behind `revision`. */
  reset(revision: Revision): void {
    while (this.length > 0) this.#dropOldest();
    this.#cut();
    this.#after = revision;
  }

  /** The change with this sequence number, if it is kept. */
  at(sequence: number): Change | undefined {
    return sequence < this.begin ? undefined : this.#changes[sequence - this.#base];
  }

  /** Sequence number of the first change after `revision`, which must not be below `after`. */
  firstAfter(revision: Revision): number {
    let low = this.#head;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle] as Change).revision > revision) high = middle;
      else low = middle + 1;
    }
    return this.#base + low;
  }

  *[Symbol.iterator](): Generator<Change, void, void> {
    for (let at = this.#head; at < this.#changes.length; at++) yield this.#changes[at] as Change;
  }

  #dropOldest(): void {
    const change = this.#changes[this.#head] as Change;
    this.#head += 1;
    this.#bytes -= change.bytes;
    this.#after = Math.max(this.#after, change.revision);
    change.dropEncoded();
  }

  #cut(): void {
    this.#base += this.#head;
    this.#changes = this.#changes.slice(this.#head);
    this.#arrivedAtMs = this.#arrivedAtMs.slice(this.#head);
    this.#head = 0;
  }
}
