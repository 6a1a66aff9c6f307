import { type CelType, compileExpression, type Environment, type EnvironmentPair } from '@keelson/cel';
import { type FieldError, type FieldPath, invalidField } from '@keelson/machinery';

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
    const problem = this.problemOf(expression, ...types);
    return problem === undefined ? [] : [invalidField(at, expression, problem)];
  }

  problemOf(expression: string, ...types: CelType[]): string | undefined {
    return compileExpression(expression, this.environmentFor(expression), ...types).problem;
  }

  environmentFor(expression: string): Environment {
    return this.#stored.has(expression) ? this.#environments.forStored : this.#environments.forNew;
  }
}
