import type { Environment } from '../environment/environment.js';
import type { Bindings } from '../evaluate/run.js';
import { BOOL } from '../types/type.js';
import { AdmissionExpression } from './admission-expression.js';
import { Budget, BudgetExceeded, MATCH_CONDITIONS_BUDGET } from './budget.js';
import { compileExpression } from './expression.js';

/** Whether a request is meant; `failed` names the condition that does not hold, `error` says what went wrong. */
export type MatchOutcome =
  | { readonly matches: true }
  | { readonly matches: false; readonly failed: string }
  | { readonly matches: undefined; readonly error: string };

interface Condition {
  readonly name: string;
  readonly expression: AdmissionExpression;
}

/** Conditions that all must hold for a webhook or policy to be asked about a request. Compiled when first looked at. */
export class MatchConditions {
  readonly #conditions: readonly { readonly name: string; readonly expression: string }[];
  readonly #environment: Environment;
  #compiled: readonly Condition[] | undefined;

  constructor(conditions: readonly { readonly name: string; readonly expression: string }[], environment: Environment) {
    this.#conditions = conditions;
    this.#environment = environment;
  }

  get isEmpty(): boolean {
    return this.#conditions.length === 0;
  }

  /** The first condition that does not hold decides, even where others fail. */
  async evaluate(bindings: Bindings): Promise<MatchOutcome> {
    this.#compiled ??= this.#compile();
    try {
      return await this.#evaluate(this.#compiled, bindings);
    } catch (error) {
      if (error instanceof BudgetExceeded) return { matches: undefined, error: error.message };
      throw error;
    }
  }

  async #evaluate(conditions: readonly Condition[], bindings: Bindings): Promise<MatchOutcome> {
    const budget = new Budget(MATCH_CONDITIONS_BUDGET);
    const errors: string[] = [];
    let failed: string | undefined;
    for (const { name, expression } of conditions) {
      const { value, error } = await expression.evaluate(bindings, budget);
      if (error !== undefined) errors.push(error);
      else if (value !== true) failed ??= name;
    }
    if (failed !== undefined) return { matches: false, failed };
    return errors.length === 0 ? { matches: true } : { matches: undefined, error: aggregate(errors) };
  }

  #compile(): readonly Condition[] {
    return this.#conditions.map(({ name, expression }) => ({
      name,
      expression: new AdmissionExpression(expression, compileExpression(expression, this.#environment, BOOL)),
    }));
  }
}

/** Several errors in one text, each once. */
export function aggregate(errors: readonly string[]): string {
  const [first = '', ...others] = new Set(errors);
  return others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
}
