import { compile, type Program } from '../compile.js';
import type { Environment } from '../environment/environment.js';
import { type CelType, sameType } from '../types/type.js';

/** A compiled expression, or what is wrong with it in the words of Kubernetes. */
export type Expression =
  | { readonly program: Program; readonly problem?: undefined }
  | { readonly program?: undefined; readonly problem: string };

/** Compiles an expression whose result must be of one of some types; of any, when none is named. */
export function compileExpression(text: string, environment: Environment, ...types: CelType[]): Expression {
  const { program, errors } = compile(text, environment);
  if (program === undefined) return { problem: `compilation failed: ${errors}` };
  const { resultType } = program;
  if (types.length === 0 || types.some((type) => sameType(type, resultType))) return { program };
  const [only, ...others] = types as [CelType, ...CelType[]];
  const wanted = others.length === 0 ? only.describe() : `one of [${types.map((type) => type.describe()).join(' ')}]`;
  return { problem: `must evaluate to ${wanted} but got ${resultType.describe()}` };
}
