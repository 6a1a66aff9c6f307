import type { Program } from '../compile.js';
import type { Expression } from '../syntax/expression.js';
import { Operator } from '../syntax/operators.js';
import { walk } from '../syntax/walk.js';

/** Whether an expression looks at a field of a variable anywhere: `variable.field` or `variable.?field`. */
export function selectsField({ checked }: Program, variable: string, field: string): boolean {
  let selects = false;
  walk(checked.root, (node) => {
    selects ||= isSelection(node, variable, field);
  });
  return selects;
}

function isSelection(node: Expression, variable: string, field: string): boolean {
  if (node.kind === 'selection') return node.field === field && isIdentifier(node.operand, variable);
  if (node.kind !== 'call' || node.function !== Operator.OptionalSelect || node.target !== undefined) return false;
  const [operand, name] = node.args;
  return isIdentifier(operand, variable) && name?.kind === 'literal' && name.value === field;
}

function isIdentifier(node: Expression | undefined, name: string): boolean {
  return node?.kind === 'identifier' && node.name === name;
}
