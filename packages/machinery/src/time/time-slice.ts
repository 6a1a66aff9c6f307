import { setImmediate } from 'node:timers/promises';

/** The clock is read once in so many steps: reading it costs as much as a cheap step. */
const STEPS_PER_CLOCK_READ = 16;

/**
 * Keeps a loop over many objects from holding up the event loop:
 * `for (…) { …; if (slice.spent()) await slice.next(); }`
 */
export class TimeSlice {
  readonly #budgetMs: number;
  #endsAt: number;
  #steps = 0;

  constructor(budgetMs = 1) {
    this.#budgetMs = budgetMs;
    this.#endsAt = performance.now() + budgetMs;
  }

  /** True when this turn has done its share of work. */
  spent(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS_PER_CLOCK_READ === 0 && performance.now() >= this.#endsAt;
  }

  /** Lets everything else that is due run first. */
  async next(): Promise<void> {
    await setImmediate();
    this.#endsAt = performance.now() + this.#budgetMs;
  }
}
