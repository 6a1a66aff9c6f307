/** Half of what was is forgotten in five minutes: thirty periods. */
const SMOOTHING = 0.977;

/** How many seats a level could have used: over the current period, and of late. */
export class SeatDemand {
  #seats = 0;
  #changedAtMs: number;
  #begunAtMs: number;
  /** Integrals over the period. */
  #seatMs = 0;
  #squareMs = 0;
  #peak = 0;
  /** Of the last period. */
  highest = 0;
  average = 0;
  deviation = 0;
  smoothed = 0;

  constructor(nowMs: number) {
    this.#changedAtMs = nowMs;
    this.#begunAtMs = nowMs;
  }

  set(seats: number, nowMs: number): void {
    this.#integrate(nowMs);
    this.#seats = seats;
    if (seats > this.#peak) this.#peak = seats;
  }

  /** Ends the period. */
  turn(nowMs: number): void {
    this.#integrate(nowMs);
    const periodMs = nowMs - this.#begunAtMs;
    this.highest = Math.round(this.#peak);
    if (periodMs > 0) this.#evaluate(periodMs);
    this.#begunAtMs = nowMs;
    this.#seatMs = 0;
    this.#squareMs = 0;
    this.#peak = this.#seats;
  }

  #evaluate(periodMs: number): void {
    this.average = this.#seatMs / periodMs;
    this.deviation = Math.sqrt(Math.max(0, this.#squareMs / periodMs - this.average ** 2));
    const envelope = this.average + this.deviation;
    // Up at once, down slowly.
    this.smoothed = Math.max(envelope, SMOOTHING * this.smoothed + (1 - SMOOTHING) * envelope);
  }

  #integrate(nowMs: number): void {
    const elapsedMs = nowMs - this.#changedAtMs;
    this.#changedAtMs = nowMs;
    this.#seatMs += this.#seats * elapsedMs;
    this.#squareMs += this.#seats * this.#seats * elapsedMs;
  }
}
