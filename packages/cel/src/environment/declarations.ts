import type { CelType } from '../types/type.js';
import type { CelValue } from '../values/value.js';

/** One signature of a function. */
export interface Overload {
  /** cel-go's name of it, which cost rules go by. */
  readonly id: string;
  /** Called on a target, which is the first of the arguments. */
  readonly member: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  /** Absent where the function has one implementation for all its overloads, or the evaluator knows it. */
  readonly call?: Implementation;
}

/** Takes values of the declared types: whoever calls has checked them. */
export type Implementation = (...args: never[]) => CelValue;

export interface FunctionDeclaration {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** For all overloads: takes whatever comes, and throws when it can make nothing of it. */
  readonly call?: (...args: CelValue[]) => CelValue;
}

export function overload(id: string, args: readonly CelType[], result: CelType, call?: Implementation): Overload {
  return { id, member: false, args, result, ...(call && { call }) };
}

/** An overload called on its first argument. */
export function method(id: string, args: readonly CelType[], result: CelType, call?: Implementation): Overload {
  return { ...overload(id, args, result, call), member: true };
}

export function declare(name: string, ...overloads: Overload[]): FunctionDeclaration {
  return { name, overloads };
}

/** A function whose overloads share one implementation. */
export function declareWith(name: string, call: (...args: CelValue[]) => CelValue, ...overloads: Overload[]): FunctionDeclaration {
  return { name, overloads, call };
}
