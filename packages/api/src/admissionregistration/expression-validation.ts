import { type CelType, compileExpression, type Environment, type EnvironmentPair, type Expression } from '@keelson/cel';
import { type FieldError, type FieldPath, internalField, invalidField } from '@keelson/machinery';

/** What is wrong with a compiled expression. `shown`: the expression as it was written. */
export function expressionErrors({ problem, isInternal }: Expression, shown: string, at: FieldPath): FieldError[] {
  if (problem === undefined) return [];
  return [isInternal ? internalField(at, problem) : invalidField(at, shown, problem)];
}

/** Expressions of one kind in an object. */
export class ExpressionValidation {
  /** Expressions of the kind that the object had before: what they may use is not taken from them. */
  readonly #stored: ReadonlySet<string>;
  readonly #environments: EnvironmentPair;

  constructor(stored: Iterable<string | undefined>, environments: EnvironmentPair) {
    this.#stored = new Set([...stored].filter((expression) => expression !== undefined));
    this.#environments = environments;
  }

  /** The result must be of one of the types; of any, when none is named. */
  validate(expression: string, at: FieldPath, ...types: CelType[]): FieldError[] {
    return this.validateShown(expression, expression, at, ...types);
  }

  /** `shown`: the expression as it was written. */
  validateShown(expression: string, shown: string, at: FieldPath, ...types: CelType[]): FieldError[] {
    return expressionErrors(compileExpression(expression, this.environmentFor(expression), ...types), shown, at);
  }

  environmentFor(expression: string): Environment {
    return this.#stored.has(expression) ? this.#environments.forStored : this.#environments.forNew;
  }
}
