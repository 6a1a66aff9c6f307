import type { TimingRatio } from '../metrics/registry/timing-ratio.js';

/** Requests of one kind being worked on: at most `limit`, and how many they were at most of late. */
export class ConcurrencyGauge {
  /** 0: none. */
  readonly limit: number;
  /** Where it is told how long they were how many, for metrics. */
  timing: TimingRatio | undefined = undefined;
  #current = 0;
  #peak = 0;
  #lastPeak = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get current(): number {
    return this.#current;
  }

  /** Times are those of `performance.now()`. */
  tryEnter(nowMs: number): boolean {
    if (this.limit > 0 && this.#current >= this.limit) return false;
    this.#current++;
    if (this.#current > this.#peak) this.#peak = this.#current;
    this.timing?.set(this.#current, nowMs);
    return true;
  }

  leave(nowMs: number): void {
    this.#current--;
    this.timing?.set(this.#current, nowMs);
  }

  /** Since the last turn of the clock, or in the time before it. */
  get recentPeak(): number {
    return Math.max(this.#peak, this.#lastPeak);
  }

  /** Forgets the peak before last. */
  turn(): void {
    this.#lastPeak = this.#peak;
    this.#peak = this.#current;
  }
}
