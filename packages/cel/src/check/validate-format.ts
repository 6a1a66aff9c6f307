import { type Clause, interpolate, outOfRange } from '../library/extensions/format-clauses.js';
import { ACCEPTED, refusedType } from '../library/extensions/format-types.js';
import type { Issues } from '../source/issues.js';
import type { Call, Expression } from '../syntax/expression.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { type CheckedExpression, typeIn } from './checked.js';

/** Reports what `format` could not do, where both the format and the list of its arguments are written out. */
export function validateFormat(checked: CheckedExpression, call: Call, issues: Issues): void {
  const [list] = call.args;
  const { target } = call;
  if (target?.kind !== 'literal' || typeof target.value !== 'string' || list?.kind !== 'list' || call.args.length !== 1) return;
  const args = list.elements.map(({ value }) => value);
  let place: Expression = call;
  let asked = 0;
  const write = ({ verb }: Clause, index: number) => {
    const arg = args[index];
    if (arg === undefined) throw outOfRange(index);
    place = (verb === 's' ? withoutText(checked, arg) : accepts(checked, verb, arg) ? undefined : arg) ?? call;
    if (place !== call) throw refusedType(verb, typeIn(checked, place));
    return '';
  };
  try {
    interpolate(target.value, () => asked++, write);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    issues.report(error.message, place.at);
    return;
  }
  if (args.length > asked) issues.report(`too many arguments supplied to string.format (expected ${asked}, got ${args.length})`, call.at);
}

function accepts(checked: CheckedExpression, verb: Clause['verb'], arg: Expression): boolean {
  const { kind } = typeIn(checked, arg);
  return kind === 'dyn' || ACCEPTED[verb].has(kind);
}

/** The first part of an argument that has no text. */
function withoutText(checked: CheckedExpression, arg: Expression): Expression | undefined {
  if (!accepts(checked, 's', arg)) return arg;
  const parts =
    arg.kind === 'list'
      ? arg.elements.map(({ value }) => value)
      : arg.kind === 'map'
        ? arg.entries.flatMap(({ key, value }) => [key, value])
        : [];
  for (const part of parts) {
    const found = withoutText(checked, part);
    if (found !== undefined) return found;
  }
  return undefined;
}
