import { costs } from '../cost/costs.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { type CelValue, Optional } from '../values/value.js';
import type { Plan } from './plan.js';
import type { Code } from './run.js';

/** `&&` and `||`: a term that decides absorbs what is wrong with the other. */
export function logic([left, right]: [Plan, Plan], decisive: boolean): Code {
  const terms = [left.code, right.code];
  return (run) => {
    let failure: EvaluationError | undefined;
    for (const term of terms) {
      try {
        const value = term(run);
        if (value === decisive) return decisive;
        if (typeof value !== 'boolean') failure ??= noSuchOverload();
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !decisive;
  };
}

export function notStrictlyFalse(arg: Code): Code {
  return (run) => {
    run.charge(costs.call);
    try {
      return arg(run) !== false;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return true;
    }
  };
}

/** `a.or(b)` and `a.orValue(b)`: looks at b only when it has to. */
export function orElse([left, right]: [Plan, Plan], use: (found: Optional) => CelValue): Code {
  return (run) => {
    const value = left.code(run);
    if (!(value instanceof Optional)) return value;
    return value.value === undefined ? right.code(run) : use(value);
  };
}
