import { timeZoneNames } from '@keelson/machinery';
import { declare, type FunctionDeclaration, method } from '../environment/declarations.js';
import { DURATION, INT, STRING, TIMESTAMP } from '../types/type.js';
import type { Duration } from '../values/duration.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { int } from '../values/int.js';
import type { Timestamp } from '../values/timestamp.js';

/** A part of the date and time of day in some zone. */
type Part = (local: Date, timestamp: Timestamp) => number;

const DAY_MS = 86_400_000;

const PARTS: readonly (readonly [name: string, id: string, part: Part])[] = [
  ['getFullYear', 'year', (local) => local.getUTCFullYear()],
  ['getMonth', 'month', (local) => local.getUTCMonth()],
  ['getDayOfYear', 'day_of_year', dayOfYear],
  ['getDayOfMonth', 'day_of_month', (local) => local.getUTCDate() - 1],
  ['getDate', 'day_of_month_1_based', (local) => local.getUTCDate()],
  ['getDayOfWeek', 'day_of_week', (local) => local.getUTCDay()],
  ['getHours', 'hours', (local) => local.getUTCHours()],
  ['getMinutes', 'minutes', (local) => local.getUTCMinutes()],
  ['getSeconds', 'seconds', (local) => local.getUTCSeconds()],
  ['getMilliseconds', 'milliseconds', (_, { nanos }) => Math.trunc(nanos / 1e6)],
];

const DURATION_PARTS: ReadonlyMap<string, bigint> = new Map([
  ['getHours', 3_600_000_000_000n],
  ['getMinutes', 60_000_000_000n],
  ['getSeconds', 1_000_000_000n],
  ['getMilliseconds', 1_000_000n],
]);

export const TIME: readonly FunctionDeclaration[] = PARTS.map(([name, id, part]) => {
  const unit = DURATION_PARTS.get(name);
  const ofDuration = (duration: Duration) => int(duration.nanos / (unit as bigint));
  return declare(
    name,
    method(`timestamp_to_${id}`, [TIMESTAMP], INT, (timestamp: Timestamp) => part(localTime(timestamp, 0), timestamp)),
    method(`timestamp_to_${id}_with_tz`, [TIMESTAMP, STRING], INT, (timestamp: Timestamp, zone: string) =>
      part(localTime(timestamp, offsetSeconds(zone, timestamp)), timestamp),
    ),
    ...(unit === undefined ? [] : [method(`duration_to_${id}`, [DURATION], INT, ofDuration)]),
  );
});

/** The date whose UTC parts are those of the local time. */
function localTime({ seconds }: Timestamp, offset: number): Date {
  return new Date((seconds + offset) * 1000);
}

function dayOfYear(local: Date): number {
  const start = new Date(0);
  start.setUTCFullYear(local.getUTCFullYear(), 0, 1);
  return Math.floor((local.getTime() - start.getTime()) / DAY_MS);
}

/** `+02:30`, `-08:00`, or the name of a zone. */
function offsetSeconds(zone: string, timestamp: Timestamp): number {
  const [hours = '', minutes] = zone.split(/:(.*)/s);
  if (minutes === undefined) return zoneOffsetSeconds(zone, timestamp);
  const [hour, minute] = [integer(hours), integer(minutes)];
  return (zone.startsWith('-') ? hour * 60 - minute : hour * 60 + minute) * 60;
}

function integer(text: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new EvaluationError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function zoneOffsetSeconds(zone: string, { seconds }: Timestamp): number {
  if (zone === '' || zone === 'UTC') return 0;
  if (zone.includes('..') || /^[/\\]/.test(zone)) throw new EvaluationError('time: invalid location name');
  if (zone !== 'Local' && !timeZoneNames.has(zone)) throw new EvaluationError(`unknown time zone ${zone}`);
  const format = new Intl.DateTimeFormat('en-US', { ...(zone !== 'Local' && { timeZone: zone }), timeZoneName: 'longOffset' });
  const name = format.formatToParts(seconds * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hour = 0, minute = 0, second = 0] = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(name) ?? [];
  const offset = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return sign === '-' ? -offset : offset;
}
