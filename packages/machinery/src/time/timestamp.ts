import { quote } from '../quote.js';

/** A moment: seconds since 1970 (negative before), and the nanoseconds beyond them. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

interface Layout {
  /** The layout as messages name it. */
  readonly name: string;
  readonly elements: readonly (readonly [name: string, pattern: RegExp])[];
}

const date: Layout['elements'] = [
  ['2006', /\d{4}/y],
  ['-', /-/y],
  ['01', /\d{2}/y],
  ['-', /-/y],
  ['02', /\d{2}/y],
];
const clock: Layout['elements'] = [
  ['15', /\d{1,2}/y],
  [':', /:/y],
  ['04', /\d{2}/y],
  [':', /:/y],
];
const zone: Layout['elements'] = [['Z07:00', /Z|[+-]\d{2}:\d{2}/y]];

/** RFC 3339; any fraction of a second may follow the seconds. */
const rfc3339: Layout = {
  name: '2006-01-02T15:04:05Z07:00',
  elements: [...date, ['T', /T/y], ...clock, ['05', /\d{2}(?:[.,]\d+)?/y], ...zone],
};

/** RFC 3339 with exactly six digits of fraction. */
const rfc3339Micro: Layout = {
  name: '2006-01-02T15:04:05.000000Z07:00',
  elements: [...date, ['T', /T/y], ...clock, ['05', /\d{2}/y], ['.000000', /[.,]\d{6}(?!\d)/y], ...zone],
};

/** A valid Time in canonical form, as nearly all are; the 29th of February alone is left to arithmetic. */
const canonicalTime =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Reads the JSON form of a Time. Throws with the text Kubernetes' clients know. */
export function parseTime(text: string): Timestamp {
  return parse(text, rfc3339);
}

/** Reads the JSON form of a MicroTime. Throws with the text Kubernetes' clients know. */
export function parseMicroTime(text: string): Timestamp {
  return parse(text, rfc3339Micro);
}

function parse(text: string, layout: Layout): Timestamp {
  const parts: string[] = [];
  let at = 0;
  for (const [name, pattern] of layout.elements) {
    pattern.lastIndex = at;
    const part = pattern.exec(text)?.[0];
    if (part === undefined) throw parseFailure(text, layout, `cannot parse ${quoted(text.slice(at))} as ${quote(name)}`);
    parts.push(part);
    at += part.length;
    checkRange(name, part, text);
  }
  if (at < text.length) throw new RangeError(`parsing time ${quoted(text)}: extra text: ${quoted(text.slice(at))}`);
  return assemble(parts.join(''), text);
}

function parseFailure(text: string, layout: Layout, why: string): RangeError {
  return new RangeError(`parsing time ${quoted(text)} as ${quote(layout.name)}: ${why}`);
}

/** As Go quotes what is no time: byte by byte where that is not plain ASCII. */
function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[^ -\x7f]/gu, (character) => Buffer.from(character).toString('hex').replace(/../g, '\\x$&'));
  return `"${escaped}"`;
}

const ranges: ReadonlyMap<string, readonly [what: string, min: number, max: number]> = new Map([
  ['01', ['month', 1, 12]],
  ['02', ['day', 1, 31]],
  ['15', ['hour', 0, 23]],
  ['04', ['minute', 0, 59]],
  ['05', ['second', 0, 59]],
]);

function checkRange(element: string, part: string, text: string): void {
  const range = ranges.get(element);
  if (range === undefined) return;
  const [what, min, max] = range;
  const value = Number.parseInt(part, 10);
  if (value < min || value > max) throw outOfRange(what, text);
}

function outOfRange(what: string, text: string): RangeError {
  return new RangeError(`parsing time ${quote(text)}: ${what} out of range`);
}

const fields = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

function assemble(wellFormed: string, text: string): Timestamp {
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] = fields.exec(wellFormed) ?? [];
  const moment = new Date(0);
  // setUTCFullYear, unlike the constructor, takes the years 0 to 99 as they are.
  moment.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (moment.getUTCDate() !== Number(day)) throw outOfRange('day', text);
  if (Number(offsetHour) > 24 || Number(offsetMinute) > 60) throw outOfRange('time zone offset hour', text);
  const offsetSeconds = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60 * (sign === '-' ? -1 : 1);
  const clockSeconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return {
    seconds: moment.getTime() / 1000 + clockSeconds - offsetSeconds,
    nanos: Number(fraction.slice(0, 9).padEnd(9, '0')),
  };
}

/** The JSON form of a Time: UTC, whole seconds; a fraction is dropped. */
export function formatTime({ seconds }: { readonly seconds: number }): string {
  return `${utcText(seconds)}Z`;
}

/** The JSON form of a MicroTime: UTC, six digits of fraction. */
export function formatMicroTime({ seconds, nanos }: Timestamp): string {
  const micros = Math.trunc(nanos / 1000);
  return `${utcText(seconds)}.${String(micros).padStart(6, '0')}Z`;
}

/** Most moments that are written are of the second of the last one. */
let lastWritten = { seconds: Number.NaN, text: '' };

function utcText(seconds: number): string {
  if (seconds === lastWritten.seconds) return lastWritten.text;
  const text = new Date(seconds * 1000).toISOString();
  lastWritten = { seconds, text: text.slice(0, text.lastIndexOf('.')) };
  return lastWritten.text;
}

/** Brings the text of a Time into its canonical form. */
export function normalizeTime(text: string): string {
  return canonicalTime.test(text) ? text : formatTime(parseTime(text));
}

/** The moment of a number of milliseconds since 1970 as a Time. */
export function timeOf(epochMs: number): string {
  return formatTime({ seconds: Math.floor(epochMs / 1000) });
}

/** The second that was asked for last. */
let now = { seconds: 0, text: formatTime({ seconds: 0 }) };

/** Now, as a Time: what creationTimestamp and deletionTimestamp are set to. */
export function timeNow(): string {
  const seconds = Math.floor(Date.now() / 1000);
  if (seconds !== now.seconds) now = { seconds, text: formatTime({ seconds }) };
  return now.text;
}

/** The same as a MicroTime. */
export function microTimeOf(epochMs: number): string {
  return formatMicroTime({ seconds: Math.floor(epochMs / 1000), nanos: (epochMs % 1000) * 1e6 });
}

/** Now, as a MicroTime. */
export function microTimeNow(): string {
  return microTimeOf(Date.now());
}
