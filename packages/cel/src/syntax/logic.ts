import type { Expression } from './expression.js';

/** Joins the terms of a chain of one associative operator into a tree that is as flat as can be. */
export function balanced(
  terms: readonly Expression[],
  operators: readonly number[],
  join: (at: number, left: Expression, right: Expression) => Expression,
): Expression {
  const build = (low: number, high: number): Expression => {
    const middle = (low + high + 1) >> 1;
    const left = middle === low ? (terms[middle] as Expression) : build(low, middle - 1);
    const right = middle === high ? (terms[middle + 1] as Expression) : build(middle + 1, high);
    return join(operators[middle] as number, left, right);
  };
  return build(0, operators.length - 1);
}
