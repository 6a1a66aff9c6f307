import type { CallCost } from '../cost/call-cost.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import { compiledPattern } from '../values/pattern.js';
import type { CelValue } from '../values/value.js';
import { attempt } from './attempt.js';
import type { Callee } from './dispatch.js';
import type { Plan } from './plan.js';
import type { Code, Run } from './run.js';

/** What arguments make a call cost is charged before it, so that a call that costs too much is not made. */
export function call(args: readonly Plan[], callee: Callee, cost: CallCost): Code {
  const codes = args.map(({ code }) => code);
  if (typeof cost === 'object') {
    return (run) => {
      let result: CelValue;
      try {
        result = run.made(callee(...codes.map((code) => code(run))));
      } catch (error) {
        return failed(error, run, () => cost.ofResult(FAILED));
      }
      run.charge(cost.ofResult(result));
      return result;
    };
  }
  const price = typeof cost === 'number' ? () => cost : cost;
  const [first, second] = codes as [Code, Code];
  if (codes.length === 1) return unary(first, callee, price);
  if (codes.length === 2) return binary(first, second, callee, price);
  return (run) => {
    const values = argumentValues(codes, run, price);
    run.charge(price(values));
    return run.made(callee(...values));
  };
}

type Price = (args: readonly CelValue[]) => number;

/** What an error counts as among arguments: cel-go charges for calls that are not made because of one, too. */
const FAILED = null;

function unary(arg: Code, callee: Callee, price: Price): Code {
  return (run) => {
    let value: CelValue;
    try {
      value = arg(run);
    } catch (error) {
      return failed(error, run, () => price([FAILED]));
    }
    run.charge(price([value]));
    return run.made(callee(value));
  };
}

/** The second argument is looked at even where the first one has failed. */
function binary(first: Code, second: Code, callee: Callee, price: Price): Code {
  return (run) => {
    let left: CelValue;
    let right: CelValue;
    try {
      left = first(run);
    } catch (error) {
      return failed(error, run, () => price([FAILED, valueOrFailed(second, run)]));
    }
    try {
      right = second(run);
    } catch (error) {
      return failed(error, run, () => price([left, FAILED]));
    }
    run.charge(price([left, right]));
    return run.made(callee(left, right));
  };
}

/** Those after one that has failed are not looked at, and then nothing is charged. */
function argumentValues(codes: readonly Code[], run: Run, price: Price): CelValue[] {
  const values: CelValue[] = [];
  try {
    for (const code of codes) values.push(code(run));
    return values;
  } catch (error) {
    if (values.length < codes.length - 1) throw error;
    return failed(error, run, () => price([...values, FAILED]));
  }
}

function valueOrFailed(code: Code, run: Run): CelValue {
  const value = attempt(code, run);
  return value instanceof EvaluationError ? FAILED : value;
}

/** Goes on with what was wrong with an argument, for the price of the call. */
function failed(error: unknown, run: Run, cost: () => number): never {
  if (error instanceof EvaluationError) run.charge(cost());
  throw error;
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
