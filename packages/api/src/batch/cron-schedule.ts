import { parseDuration, quote } from '@keelson/machinery';

interface FieldRange {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Minute, hour, day of month, month, day of week. */
const fieldRanges: readonly FieldRange[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: weekdays },
];

const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const every = '@every ';

/** What is wrong with a schedule in cron's form; undefined when nothing is. */
export function cronScheduleProblem(schedule: string): string | undefined {
  const text = withoutTimeZone(schedule);
  if (text.startsWith('@')) return descriptorProblem(text);
  const fields = text.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== fieldRanges.length) {
    return `expected exactly ${fieldRanges.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  }
  return firstProblem(fields, (field, i) => fieldProblem(field, fieldRanges[i] as FieldRange));
}

function firstProblem<T>(items: readonly T[], problemOf: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const problem = problemOf(item, i);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function withoutTimeZone(schedule: string): string {
  return /^(?:CRON_)?TZ=/.test(schedule) ? schedule.slice(schedule.indexOf(' ') + 1).trim() : schedule;
}

function descriptorProblem(text: string): string | undefined {
  if (descriptors.has(text)) return undefined;
  if (!text.startsWith(every)) return `unrecognized descriptor: ${text}`;
  try {
    parseDuration(text.slice(every.length));
    return undefined;
  } catch (error) {
    return `failed to parse duration ${text}: ${(error as Error).message}`;
  }
}

/** A field is a list of ranges, each with an optional step. */
function fieldProblem(field: string, range: FieldRange): string | undefined {
  return firstProblem(
    field.split(',').filter((expression) => expression !== ''),
    (expression) => rangeProblem(expression, range),
  );
}

function rangeProblem(expression: string, range: FieldRange): string | undefined {
  const [span = '', step, ...moreSteps] = expression.split('/');
  const [low = '', high, ...moreBounds] = span.split('-');
  const open = low === '*' || low === '?';
  if (!open) {
    if (moreBounds.length > 0) return `too many hyphens: ${expression}`;
    const problem = firstProblem([low, ...(high === undefined ? [] : [high])], (bound) => boundProblem(bound, range));
    if (problem !== undefined) return problem;
  }
  if (moreSteps.length > 0) return `too many slashes: ${expression}`;
  if (step !== undefined) {
    const problem = numberProblem(step);
    if (problem !== undefined) return problem;
  }
  const start = open ? range.min : boundOf(low, range);
  const end = open || (high === undefined && step !== undefined) ? range.max : boundOf(high ?? low, range);
  if (start < range.min) return `beginning of range (${start}) below minimum (${range.min}): ${expression}`;
  if (end > range.max) return `end of range (${end}) above maximum (${range.max}): ${expression}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${expression}`;
  return step !== undefined && Number(step) === 0 ? `step of range should be a positive number: ${expression}` : undefined;
}

function boundOf(text: string, { min, names = [] }: FieldRange): number {
  const named = names.indexOf(text.toLowerCase());
  return named < 0 ? Number(text) : named + min;
}

function boundProblem(text: string, { names = [] }: FieldRange): string | undefined {
  return names.includes(text.toLowerCase()) ? undefined : numberProblem(text);
}

function numberProblem(text: string): string | undefined {
  if (/^\+?\d+$/.test(text)) return undefined;
  if (/^-\d+$/.test(text)) return `negative number (${text}) not allowed: ${text}`;
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: invalid syntax`;
}
