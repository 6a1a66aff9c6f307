import { compile, type Program } from '../compile.js';
import type { Environment } from '../environment/environment.js';
import { type CelType, sameType } from '../types/type.js';

/** A compiled expression, or what is wrong with it in the words of Kubernetes. */
export type Expression =
  | { readonly program: Program; readonly problem?: undefined; readonly isInternal?: undefined }
  | {
      readonly program?: undefined;
      readonly problem: string;
      /** Kubernetes takes it for a fault of its own, not for a wrong value. */
      readonly isInternal: boolean;
    };

/** Why a program can never be evaluated, in the words of Kubernetes. */
export function failureOf({ failure }: Program): string | undefined {
  return failure === undefined ? undefined : `program instantiation failed: ${failure}`;
}

/** Compiles an expression whose result must be of one of some types; of any, when none is named. */
export function compileExpression(text: string, environment: Environment, ...types: CelType[]): Expression {
  const { program, errors } = compile(text, environment);
  if (program === undefined) return invalid(`compilation failed: ${errors}`);
  const { resultType } = program;
  if (types.length === 0 || types.some((type) => sameType(type, resultType))) return readied(program);
  const [only, ...others] = types as [CelType, ...CelType[]];
  const wanted = others.length === 0 ? only.describe() : `one of [${types.map((type) => type.describe()).join(' ')}]`;
  return invalid(`must evaluate to ${wanted} but got ${resultType.describe()}`);
}

/** A program that has passed, unless it can never be evaluated. */
export function readied(program: Program): Expression {
  const failure = failureOf(program);
  return failure === undefined ? { program } : { problem: failure, isInternal: true };
}

export function invalid(problem: string): Expression {
  return { problem, isInternal: false };
}
