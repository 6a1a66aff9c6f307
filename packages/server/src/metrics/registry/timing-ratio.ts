import { Histogram } from '@keelson/machinery';

/** Quantities below this are noted as they are, those above counted at once. */
const NOTED = 256;

/**
 * How long a quantity was which part of its limit: each nanosecond counts as an observation. A quantity that changes
 * with every request only notes how long it was what; that is told to the buckets when these are read, or the limit changes.
 */
export class TimingRatio extends Histogram {
  #numerator = 0;
  #denominator = 1;
  #changedAtMs = performance.now();
  /** By numerator, in milliseconds. */
  readonly #noted = new Float64Array(NOTED);

  /** `numerator`: a whole number. */
  set(numerator: number, nowMs: number): void {
    if (numerator === this.#numerator) return;
    this.#note(nowMs);
    this.#numerator = numerator;
  }

  setDenominator(denominator: number, nowMs: number): void {
    if (denominator === this.#denominator) return;
    this.settle(nowMs);
    this.#denominator = denominator;
  }

  /** Counts the time that has passed. */
  settle(nowMs: number): void {
    this.#note(nowMs);
    for (let numerator = 0; numerator < NOTED; numerator++) {
      const elapsedMs = this.#noted[numerator] as number;
      if (elapsedMs > 0) this.#count(numerator, elapsedMs);
    }
    this.#noted.fill(0);
  }

  #note(nowMs: number): void {
    const elapsedMs = nowMs - this.#changedAtMs;
    if (elapsedMs <= 0) return;
    this.#changedAtMs = nowMs;
    if (this.#numerator < NOTED) (this.#noted[this.#numerator] as number) += elapsedMs;
    else this.#count(this.#numerator, elapsedMs);
  }

  #count(numerator: number, elapsedMs: number): void {
    this.observe(numerator / this.#denominator, Math.round(elapsedMs * 1e6));
  }
}
