import type { Expression } from './expression.js';

/** The expressions that an expression is made of. */
function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'selection':
      return [expression.operand];
    case 'call':
      return expression.target === undefined ? expression.args : [expression.target, ...expression.args];
    case 'list':
      return expression.elements.map(({ value }) => value);
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return expression.fields.map(({ value }) => value);
    case 'comprehension': {
      const { range, initial, condition, step, result } = expression;
      return [range, initial, condition, step, result];
    }
    default:
      return [];
  }
}

/** Calls `visit` with an expression and everything in it, each with the calls around it. */
export function walk(
  expression: Expression,
  visit: (node: Expression, around: readonly string[]) => void,
  around: readonly string[] = [],
): void {
  visit(expression, around);
  const inner = expression.kind === 'call' ? [...around, expression.function] : around;
  for (const child of children(expression)) walk(child, visit, inner);
}
