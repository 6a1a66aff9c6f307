import type { Bindings } from '../evaluate/run.js';
import { whenAnswered } from './answered.js';
import type { Budget, Result } from './budget.js';
import type { Expression } from './expression.js';

/** An expression of a webhook or policy. Errors are in the words of Kubernetes. */
export class AdmissionExpression {
  constructor(
    readonly text: string,
    private readonly compiled: Expression,
  ) {}

  /** At the cost of a budget. Throws BudgetExceeded. */
  async evaluate(bindings: Bindings, budget: Budget): Promise<Result> {
    const { program, problem } = this.compiled;
    if (program === undefined) return { error: `compilation error: ${problem}` };
    const result = await whenAnswered(() => budget.evaluate(program, bindings));
    await budget.pause();
    return result.error === undefined ? result : { error: `expression '${this.text}' resulted in error: ${result.error}` };
  }
}
