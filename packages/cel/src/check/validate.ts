import { dispatch } from '../evaluate/dispatch.js';
import type { Issues } from '../source/issues.js';
import type { Call, Expression } from '../syntax/expression.js';
import { walk } from '../syntax/walk.js';
import { type CelType, DYN, sameType, withoutOptional } from '../types/type.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { compilePattern } from '../values/pattern.js';
import { type CheckedExpression, typeIn } from './checked.js';
import { validateFormat } from './validate-format.js';

/** Reports constants that no evaluation could use, and literals that mix types, in an expression that is otherwise right. */
export function validate(checked: CheckedExpression, issues: Issues): void {
  walk(checked.root, (node, around) => {
    if (node.kind === 'call') {
      validateCall(checked, node, issues);
      if (node.function === 'format') validateFormat(checked, node, issues);
    }
    // Lists of arguments of `format` may mix.
    if (!around.includes('format')) validateLiteral(checked, node, issues);
  });
}

function validateCall(checked: CheckedExpression, call: Call, issues: Issues): void {
  const [argument] = call.args;
  if (argument?.kind !== 'literal') return;
  const usable = checks[call.function];
  if (usable !== undefined && !usable(checked, call)) issues.report(`invalid ${call.function} argument`, argument.at);
}

const checks: Readonly<Record<string, ((checked: CheckedExpression, call: Call) => boolean) | undefined>> = {
  duration: converts,
  timestamp: converts,
  matches: (_, { args: [pattern] }) => {
    try {
      compilePattern(pattern?.kind === 'literal' ? String(pattern.value) : '');
      return true;
    } catch {
      return false;
    }
  },
};

function converts(checked: CheckedExpression, call: Call): boolean {
  const reference = checked.references.get(call);
  const [argument] = call.args;
  if (reference?.kind !== 'function' || argument?.kind !== 'literal') return true;
  try {
    dispatch(reference.declaration, reference.overloads)(argument.value);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function validateLiteral(checked: CheckedExpression, node: Expression, issues: Issues): void {
  const typed = (expression: Expression, optional = false) => {
    const type = typeIn(checked, expression);
    return { expression, type: optional ? withoutOptional(type) : type };
  };
  if (node.kind === 'list') {
    const elements = node.elements.map(({ value, optional }) => typed(value, optional));
    reportMixed(elements, issues, false);
  } else if (node.kind === 'map') {
    reportMixed(
      node.entries.map(({ key }) => typed(key)),
      issues,
      true,
    );
    reportMixed(
      node.entries.map(({ value, optional }) => typed(value, optional)),
      issues,
      true,
    );
  }
}

function reportMixed(parts: readonly { expression: Expression; type: CelType }[], issues: Issues, all: boolean): void {
  const expected = parts[0]?.type ?? DYN;
  for (const { expression, type } of parts) {
    if (sameType(expected, type)) continue;
    issues.report(`expected type '${expected}' but found '${type}'`, expression.at);
    if (!all) return;
  }
}
