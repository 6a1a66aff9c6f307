import type { Difference } from './compare.js';
import type { CaseResult, StepFailure } from './player.js';

const shownDifferences = 6;
const longestValue = 160;
const shownBefore = 40;

/** Equal cases of an area in a line. */
export function areaLine(area: string, results: readonly CaseResult[], leftOut: number): string {
  const equal = results.filter(({ failures }) => failures.length === 0).length;
  const codes = results.filter(({ codesEqual }) => codesEqual).length;
  const out = leftOut === 0 ? '' : `, ${leftOut} left out`;
  return `${area.padEnd(14)}${equal} of ${results.length} equal, ${codes} with equal codes${out}`;
}

/** A failed case with what differs, a few lines for each step. */
export function caseText({ id, failures }: CaseResult): string {
  return [id, ...failures.flatMap(failureLines)].join('\n');
}

function failureLines({ step, request, differences }: StepFailure): string[] {
  const shown = differences.slice(0, shownDifferences).map((difference) => `    ${differenceLine(difference)}`);
  const more = differences.length > shownDifferences ? [`    … ${differences.length - shownDifferences} more`] : [];
  return [`  step ${step}: ${request}`, ...shown, ...more];
}

export function differenceLine({ path, expected, got }: Difference): string {
  const [left, right] = [valueText(expected), valueText(got)];
  const from = Math.max(0, commonLength(left, right) - shownBefore);
  return `${path}: expected ${shortened(left, from)}, got ${shortened(right, from)}`;
}

function valueText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function commonLength(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

/** A long text around where it differs. */
function shortened(text: string, from: number): string {
  if (text.length <= longestValue) return text;
  const start = from <= longestValue / 2 ? 0 : from;
  const end = start + longestValue;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
}

/** Failed cases that may have one cause: with the same first difference, but for names and numbers. */
export interface FailureGroup {
  readonly cause: string;
  readonly ids: readonly string[];
}

export function groupFailures(results: readonly CaseResult[]): FailureGroup[] {
  const groups = new Map<string, string[]>();
  for (const { id, failures } of results) {
    const first = failures[0];
    if (first?.differences[0] === undefined) continue;
    const cause = generalized(first.differences[0]);
    groups.set(cause, [...(groups.get(cause) ?? []), id]);
  }
  return [...groups].map(([cause, ids]) => ({ cause, ids })).sort((a, b) => b.ids.length - a.ids.length);
}

function generalized({ path, expected, got }: Difference): string {
  const place = path.replace(/\[\d+\]/g, '[]');
  return `${place}: expected ${generalValue(expected)}, got ${generalValue(got)}`;
}

/** A value without what is particular to a case: quoted names and numbers. Codes stay, they say most. */
function generalValue(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return valueText(value);
  return shortened(valueText(value), 0)
    .replace(/\\"[^"\\]*\\"/g, '…')
    .replace(/\d+/g, 'N');
}
