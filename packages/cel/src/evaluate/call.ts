import type { CallCost } from '../cost/call-cost.js';
import { noSuchOverload } from '../values/evaluation-error.js';
import { compiledPattern } from '../values/pattern.js';
import type { Callee } from './dispatch.js';
import type { Plan } from './plan.js';
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

/** Conversions of constants are made once, and cost nothing. */
export const CONVERSIONS = new Set(['bool', 'bytes', 'double', 'duration', 'dyn', 'int', 'string', 'timestamp', 'type', 'uint']);

/** Functions whose second argument is a pattern: one that is a constant is compiled once. */
const MATCHING = new Set(['matches', 'find', 'findAll']);

/** A call with a pattern that is a constant, or the call itself. Throws where nothing can ever be matched with the pattern. */
export function matching(name: string, args: readonly Plan[], callee: Callee): Callee {
  const pattern = MATCHING.has(name) ? args[1]?.constant?.value : undefined;
  if (typeof pattern !== 'string') return callee;
  compiledPattern(pattern);
  return (text, ...rest) => {
    if (typeof text !== 'string') throw noSuchOverload();
    return callee(text, ...rest);
  };
}
