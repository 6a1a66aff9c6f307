import type { EvaluationError } from '../values/evaluation-error.js';
import type { CelValue } from '../values/value.js';

/** Values of variables by name. */
export type Bindings = Readonly<Record<string, CelValue | undefined>>;

/** The expression was stopped: it cost more than it may. Nothing absorbs this. */
export class CostExceeded {
  readonly message = 'operation cancelled: actual cost limit exceeded';
}

/** One evaluation of a program. */
export class Run {
  cost = 0;
  /** Variables of loops, by the slot that the planner gave each. An accumulator may hold an error. */
  readonly locals: (CelValue | EvaluationError)[] = [];

  constructor(
    readonly bindings: Bindings,
    readonly limit: number,
  ) {}

  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.limit) throw new CostExceeded();
  }
}

/** A node of an expression, ready to be evaluated. Throws EvaluationError. */
export type Code = (run: Run) => CelValue;
