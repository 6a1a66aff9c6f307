import type { CallCost } from '../cost/call-cost.js';
import { EvaluationError } from '../values/evaluation-error.js';
import type { CelValue } from '../values/value.js';
import type { Callee } from './dispatch.js';
import { constant, type Plan } from './plan.js';
import type { Code } from './run.js';

/** What arguments make a call cost is charged before it, so that a call that costs too much is not made. */
export function call(args: readonly Plan[], callee: Callee, cost: CallCost): Code {
  const codes = args.map(({ code }) => code);
  const [first, second] = codes as [Code, Code];
  if (typeof cost === 'object') {
    return (run) => {
      const result = run.made(callee(...codes.map((code) => code(run))));
      run.charge(cost.ofResult(result));
      return result;
    };
  }
  const price = typeof cost === 'number' ? () => cost : cost;
  if (codes.length === 1) {
    return (run) => {
      const value = first(run);
      run.charge(price([value]));
      return run.made(callee(value));
    };
  }
  if (codes.length === 2) {
    return (run) => {
      const left = first(run);
      const right = second(run);
      run.charge(price([left, right]));
      return run.made(callee(left, right));
    };
  }
  return (run) => {
    const values = codes.map((code) => code(run));
    run.charge(price(values));
    return run.made(callee(...values));
  };
}

/** Conversions of constants are made once, and cost nothing. One that fails does so whenever it is evaluated. */
export const CONVERSIONS = new Set(['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint']);

export function converted(callee: Callee, value: CelValue): Plan {
  try {
    return constant(callee(value));
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return {
      code: () => {
        throw error;
      },
    };
  }
}
