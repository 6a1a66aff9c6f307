import type { Environment } from '../environment/environment.js';
import type { Bindings } from '../evaluate/run.js';
import { BOOL } from '../types/type.js';
import { whenAnswered } from './answered.js';
import { Budget, MATCH_CONDITIONS_BUDGET } from './budget.js';
import { compileExpression, type Expression } from './expression.js';

/** Whether a request is meant; `failed` names the condition that does not hold, `error` says what went wrong. */
export type MatchOutcome =
  | { readonly matches: true }
  | { readonly matches: false; readonly failed: string }
  | { readonly matches: undefined; readonly error: string };

interface Condition {
  readonly name: string;
  readonly text: string;
  readonly expression: Expression;
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

  /** A condition that does not hold decides, even where others fail. Throws BudgetExceeded. */
  evaluate(bindings: Bindings): Promise<MatchOutcome> {
    return whenAnswered(() => this.#evaluate(bindings));
  }

  #evaluate(bindings: Bindings): MatchOutcome {
    const budget = new Budget(MATCH_CONDITIONS_BUDGET);
    const errors: string[] = [];
    const results = this.#compile().map((condition) => ({ condition, ...evaluateOne(condition, budget, bindings) }));
    for (const { condition, holds, error } of results) {
      if (error !== undefined) errors.push(error);
      else if (!holds) return { matches: false, failed: condition.name };
    }
    return errors.length === 0 ? { matches: true } : { matches: undefined, error: aggregate(errors) };
  }

  #compile(): readonly Condition[] {
    this.#compiled ??= this.#conditions.map(({ name, expression }) => ({
      name,
      text: expression,
      expression: compileExpression(expression, this.#environment, BOOL),
    }));
    return this.#compiled;
  }
}

function evaluateOne({ text, expression }: Condition, budget: Budget, bindings: Bindings): { holds?: boolean; error?: string } {
  if (expression.program === undefined) return { error: `compilation error: ${expression.problem}` };
  const { value, error } = budget.evaluate(expression.program, bindings);
  return error === undefined ? { holds: value === true } : { error: `expression '${text}' resulted in error: ${error}` };
}

/** Several errors in one text, each once. */
export function aggregate(errors: readonly string[]): string {
  const [first = '', ...others] = new Set(errors);
  return others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
}
