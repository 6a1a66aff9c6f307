import { costs } from '../cost/costs.js';
import { EvaluationError, noSuchOverload } from '../values/evaluation-error.js';
import type { CelValue } from '../values/value.js';
import type { Code, Run } from './run.js';
import type { select } from './select.js';

/** A node that is ready to be evaluated. */
export interface Plan {
  readonly code: Code;
  /** Known without evaluating. */
  readonly constant?: { readonly value: CelValue };
  /**
   * Of a variable and what is selected from it: without the cost of reading it, which is charged once for the whole
   * chain, and not at all for the branches of a conditional.
   */
  readonly uncharged?: Code;
}

export function constant(value: CelValue): Plan {
  return { code: () => value, constant: { value } };
}

export function local(run: Run, slot: number): CelValue {
  const value = run.locals[slot] as CelValue | EvaluationError;
  if (value instanceof EvaluationError) throw value;
  return value;
}

/** Something that is read for the price of a name, once for all that is selected from it. */
export function attribute(uncharged: Code): Plan {
  return {
    uncharged,
    code: (run) => {
      run.charge(costs.name);
      return uncharged(run);
    },
  };
}

/** What is selected from an operand. Conditionals have no price of their own, and neither has what is selected from one. */
export function selected(operand: Plan, uncharged: Code): Plan {
  return operand.uncharged !== undefined && operand.uncharged === operand.code ? { code: uncharged, uncharged } : attribute(uncharged);
}

export function index([operand, key]: [Plan, Plan], get: typeof select): Plan {
  const container = operand.uncharged ?? operand.code;
  const at = key.uncharged ?? key.code;
  return selected(operand, (run) => get(run, container(run), at(run)));
}

export function conditional([condition, truthy, falsy]: [Plan, Plan, Plan]): Plan {
  const test = condition.code;
  const then = truthy.uncharged ?? truthy.code;
  const otherwise = falsy.uncharged ?? falsy.code;
  const code: Code = (run) => {
    const value = test(run);
    if (typeof value !== 'boolean') throw noSuchOverload();
    return value ? then(run) : otherwise(run);
  };
  return { code, uncharged: code };
}

/** Something that is made of others, for a price that is paid also where one of these fails. */
export function charged(cost: number, make: Code): Code {
  return (run) => {
    try {
      return make(run);
    } finally {
      run.charge(cost);
    }
  };
}
