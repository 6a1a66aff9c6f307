/**
 * Wall time, in milliseconds, that runs evenly while the process lives: set once, so that stepping the system's clock
 * does not expire keys early or late.
 */
export class Clock {
  readonly #startMs = Date.now() - performance.now();

  nowMs(): number {
    return Math.round(this.#startMs + performance.now());
  }
}
