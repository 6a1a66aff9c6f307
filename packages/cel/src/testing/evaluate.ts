import { compile } from '../compile.js';
import type { Environment } from '../environment/environment.js';
import type { Bindings } from '../evaluate/run.js';
import { STORED_EXPRESSIONS } from '../kubernetes/environments.js';
import { DYN } from '../types/type.js';
import { display } from '../values/display.js';

/** What an expression comes to, as text: its value, or `error: …`, or the errors of the compiler. Variables are dyn. */
export function evaluate(expression: string, bindings: Bindings = {}, environment: Environment = STORED_EXPRESSIONS): string {
  const variables = Object.fromEntries(Object.keys(bindings).map((name) => [name, DYN]));
  const { program, errors } = compile(expression, environment.extend({ variables }));
  if (program === undefined) return errors;
  const { value, error } = program.evaluate(bindings);
  return error === undefined ? display(value) : `error: ${error}`;
}
