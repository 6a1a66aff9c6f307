import type { FunctionDeclaration, Implementation, Overload } from '../environment/declarations.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { runtimeType } from '../values/runtime-type.js';
import type { CelValue } from '../values/value.js';
import { accepts } from './accepts.js';

export type Callee = (...args: CelValue[]) => CelValue;

/** What a call does, given the overloads that the type checker left. */
export function dispatch(declaration: FunctionDeclaration, overloads: readonly Overload[]): Callee {
  if (declaration.call !== undefined) return declaration.call;
  const [only, ...others] = overloads;
  if (only !== undefined && others.length === 0) return guarded(declaration.name, [only]);
  return guarded(declaration.name, declaration.overloads);
}

/** Calls the first overload that the arguments fit. */
function guarded(name: string, overloads: readonly Overload[]): Callee {
  const candidates = overloads
    .filter((overload): overload is Overload & { call: Implementation } => overload.call !== undefined)
    .map(({ args, call }) => ({ guards: args.map(accepts), call: call as Callee }));
  return (...args) => {
    for (const { guards, call } of candidates) {
      if (guards.length === args.length && guards.every((guard, i) => guard(args[i] as CelValue))) return call(...args);
    }
    throw new EvaluationError(`no such overload: ${name}(${args.map((arg) => runtimeType(arg).name).join(', ')})`);
  };
}
