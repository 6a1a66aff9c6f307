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

/** About a millisecond of evaluation. */
const COST_BETWEEN_PAUSES = 50_000;

export type Result = { readonly value: CelValue; readonly error?: undefined } | { readonly value?: undefined; readonly error: string };

/** What expressions may still cost together. */
export class Budget {
  #sincePause = 0;

  constructor(public remaining: number) {}

  spend(cost: number): void {
    if (cost > this.remaining) {
      this.remaining = -1;
      throw new BudgetExceeded();
    }
    this.remaining -= cost;
    this.#sincePause += cost;
  }

  /** Lets others run when much was evaluated since they did. */
  async pause(): Promise<void> {
    if (this.#sincePause < COST_BETWEEN_PAUSES) return;
    this.#sincePause = 0;
    await setImmediate();
  }

  /** Evaluates a program at the cost of this budget. Throws BudgetExceeded. */
  evaluate(program: Program, bindings: Bindings): Result {
    const { value, error, cost } = program.evaluate(bindings, MAX_CALL_COST);
    this.spend(cost);
    return error === undefined ? { value } : { error };
  }
}
