import type { Bindings, CelValue, Expression, Program } from '@keelson/cel';

/** An expression of a configuration, and how it was written. */
export interface ConfiguredExpression {
  readonly text: string;
  readonly program: Program;
}

/** Undefined where there is none. Throws when it cannot be compiled: the configuration was to be validated before. */
export function configured(text: string | undefined, compile: (text: string) => Expression): ConfiguredExpression | undefined {
  if (!text) return undefined;
  const { program, problem } = compile(text);
  if (program === undefined) throw new Error(problem);
  return { text, program };
}

export function evaluated({ text, program }: ConfiguredExpression, bindings: Bindings): CelValue {
  const { value, error } = program.evaluate(bindings);
  if (error !== undefined) throw new Error(`expression '${text}' resulted in error: ${error}`);
  return value;
}
