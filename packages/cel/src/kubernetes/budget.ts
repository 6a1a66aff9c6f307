import { setImmediate } from 'node:timers/promises';
import type { Program } from '../compile.js';
import { MAX_CALL_COST } from '../compile.js';
import type { Bindings } from '../evaluate/run.js';
import type { CelValue } from '../values/value.js';

/** Nothing more is evaluated for a request whose expressions have cost too much together. */
export class BudgetExceeded extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

/** For all expressions of a policy binding, or of a custom resource, in one request. */
export const REQUEST_BUDGET = 10_000_000;
/** For all match conditions of a policy or webhook in one request. */
export const MATCH_CONDITIONS_BUDGET = 2_500_000;

const BETWEEN_PAUSES_MS = 1;

export type Result = { readonly value: CelValue; readonly error?: undefined } | { readonly value?: undefined; readonly error: string };

/** What expressions may still cost together. */
export class Budget {
  #resumedAtMs = performance.now();

  constructor(public remaining: number) {}

  spend(cost: number): void {
    if (cost > this.remaining) {
      this.remaining = -1;
      throw new BudgetExceeded();
    }
    this.remaining -= cost;
  }

  /** Lets others run when evaluation has gone on for long. */
  async pause(): Promise<void> {
    if (performance.now() - this.#resumedAtMs < BETWEEN_PAUSES_MS) return;
    await setImmediate();
    this.#resumedAtMs = performance.now();
  }

  /** Evaluates a program at the cost of this budget. Throws BudgetExceeded. */
  evaluate(program: Program, bindings: Bindings): Result {
    const { value, error, cost } = program.evaluate(bindings, MAX_CALL_COST);
    this.spend(cost);
    return error === undefined ? { value } : { error };
  }
}
