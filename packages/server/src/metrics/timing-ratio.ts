import { Histogram } from './histogram.js';

/** How long a quantity was which part of its limit: each nanosecond counts as an observation. */
export class TimingRatio extends Histogram {
  #ratio = 0;
  #bucket = 0;
  #numerator = 0;
  #denominator = 1;
  #changedAtMs = performance.now();

  set(numerator: number, nowMs: number): void {
    if (numerator !== this.#numerator) this.#change(numerator, this.#denominator, nowMs);
  }

  setDenominator(denominator: number, nowMs: number): void {
    if (denominator !== this.#denominator) this.#change(this.#numerator, denominator, nowMs);
  }

  /** Counts the time that has passed. */
  settle(nowMs: number): void {
    const elapsedNs = Math.round(Math.max(0, nowMs - this.#changedAtMs) * 1e6);
    this.#changedAtMs = nowMs;
    (this.counts[this.#bucket] as number) += elapsedNs;
    this.sum += this.#ratio * elapsedNs;
  }

  #change(numerator: number, denominator: number, nowMs: number): void {
    this.settle(nowMs);
    this.#numerator = numerator;
    this.#denominator = denominator;
    this.#ratio = numerator / denominator;
    this.#bucket = this.bucketOf(this.#ratio);
  }
}
