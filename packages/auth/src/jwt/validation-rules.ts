import type { Bindings, CelValue, Expression } from '@keelson/cel';
import { type ConfiguredExpression, configured, evaluated } from './configured-expression.js';

interface Rule {
  readonly expression: ConfiguredExpression;
  readonly message: string;
}

/** Conditions that must all hold, each with what is said when it does not. */
export class ValidationRules {
  readonly #rules: readonly Rule[];

  constructor(rules: readonly { readonly expression?: string; readonly message?: string }[], compile: (text: string) => Expression) {
    this.#rules = rules.flatMap(({ expression: text, message = '' }) => {
      const expression = configured(text, compile);
      return expression === undefined ? [] : [{ expression, message }];
    });
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Throws when one does not hold, or cannot be asked. */
  check(bindings: Bindings): void {
    const results = this.#rules.map(({ expression }) => evaluated(expression, bindings));
    for (const [i, { expression, message }] of this.#rules.entries()) requireTrue(results[i] as CelValue, expression, message);
  }
}

function requireTrue(result: CelValue, { text }: ConfiguredExpression, message: string): void {
  if (typeof result !== 'boolean') throw new Error('validation expression must return a boolean');
  if (!result) throw new Error(`validation expression '${text}' failed: ${message}`);
}
