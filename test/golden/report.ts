import type { Difference } from './compare.js';
import type { CaseResult, StepFailure } from './player.js';

const shownDifferences = 6;
const longestValue = 160;

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
  return `${path}: expected ${shortValue(expected)}, got ${shortValue(got)}`;
}

function shortValue(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
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
  if (typeof value === 'number' || value === undefined) return shortValue(value);
  return shortValue(value)
    .replace(/\\"[^"\\]*\\"/g, '…')
    .replace(/\d+/g, 'N');
}
