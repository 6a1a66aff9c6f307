import type { CheckedExpression } from './check/checked.js';
import { typeIn } from './check/checked.js';
import { check } from './check/checker.js';
import { validate } from './check/validate.js';
import type { Environment } from './environment/environment.js';
import { plan } from './evaluate/planner.js';
import { type Bindings, type Code, Run, Stopped } from './evaluate/run.js';
import { parse } from './syntax/parser.js';
import type { CelType } from './types/type.js';
import { EvaluationError } from './values/evaluation-error.js';
import type { CelValue } from './values/value.js';

/** Cost of the longest evaluation of one expression: some tens of milliseconds. */
export const MAX_CALL_COST = 1_000_000;

/** What an evaluation gave, or why it gave nothing. */
export type Outcome =
  | { readonly value: CelValue; readonly error?: undefined; readonly cost: number }
  | { readonly value?: undefined; readonly error: string; readonly cost: number };

/** An expression that has been checked and may be evaluated any number of times. */
export class Program {
  readonly #checked: CheckedExpression;
  #code: Code | undefined;

  constructor(checked: CheckedExpression) {
    this.#checked = checked;
  }

  get checked(): CheckedExpression {
    return this.#checked;
  }

  get resultType(): CelType {
    return typeIn(this.#checked, this.#checked.root);
  }

  /** Why it can never be evaluated: a constant in it is of no use, as in `int('a')`. */
  get failure(): string | undefined {
    try {
      this.#planned();
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Stops with an error when it has cost more than `limit`. */
  evaluate(bindings: Bindings, limit = MAX_CALL_COST): Outcome {
    const run = new Run(bindings, limit);
    try {
      return { value: this.#planned()(run), cost: run.cost };
    } catch (error) {
      return { error: messageOf(error), cost: run.cost };
    }
  }

  #planned(): Code {
    this.#code ??= plan(this.#checked);
    return this.#code;
  }
}

/** Of an error that an expression can be the cause of; throws any other. */
function messageOf(error: unknown): string {
  if (error instanceof EvaluationError || error instanceof Stopped) return error.message;
  if (error instanceof RangeError) return isStackOverflow(error) ? TOO_DEEP : TOO_LARGE;
  throw error;
}

export type Compilation =
  | { readonly program: Program; readonly errors?: undefined }
  | { readonly program?: undefined; readonly errors: string };

/** Parses and checks an expression. `errors` are those of cel-go, each with the line and a mark below it. */
export function compile(expression: string, environment: Environment): Compilation {
  try {
    return compileWithin(expression, environment);
  } catch (error) {
    if (isStackOverflow(error)) return { errors: `ERROR: <input>:-1:0: ${TOO_DEEP}` };
    throw error;
  }
}

function compileWithin(expression: string, environment: Environment): Compilation {
  const parsed = parse(expression, { macros: environment.macros, optionals: environment.functions.has('optional.of') });
  if (parsed.issues.count > 0) return { errors: String(parsed.issues) };
  const checked = check(parsed, environment);
  if (parsed.issues.count === 0) validate(checked, parsed.issues);
  return parsed.issues.count > 0 ? { errors: String(parsed.issues) } : { program: new Program(checked) };
}

const TOO_DEEP = 'max recursion depth exceeded';
/** For what strings, lists and numbers can hold at all. */
const TOO_LARGE = 'a value is too large';

/** How deep an expression may be depends on how deep the stack is that it is looked at from. Nothing is left half done. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}
