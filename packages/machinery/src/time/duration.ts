import { quote } from '../quote.js';

const nanosPerMicro = 1_000n;
const nanosPerMilli = 1_000_000n;
const nanosPerSecond = 1_000_000_000n;
const nanosPerMinute = 60n * nanosPerSecond;
const nanosPerHour = 60n * nanosPerMinute;
/** Durations are 64-bit on the wire: about 292 years. */
const maxNanos = 2n ** 63n - 1n;

const unitNanos: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', nanosPerMicro],
  ['\u00b5s', nanosPerMicro], // micro sign
  ['\u03bcs', nanosPerMicro], // Greek letter mu
  ['ms', nanosPerMilli],
  ['s', nanosPerSecond],
  ['m', nanosPerMinute],
  ['h', nanosPerHour],
]);

const term = /(\d*)(?:\.(\d*))?([^\d.]*)/y;

/** Reads `1h30m`, `1.5s`, `-100ms` or `0` into nanoseconds. Throws with the text Kubernetes' clients know. */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith('-');
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === '0') return 0n;
  if (body === '') throw invalidDuration(text);
  let nanos = 0n;
  for (let at = 0; at < body.length; at = term.lastIndex) {
    term.lastIndex = at;
    nanos += termNanos(term.exec(body) ?? [], text);
    if (nanos > maxNanos + (negative ? 1n : 0n)) throw invalidDuration(text);
  }
  return negative ? -nanos : nanos;
}

function termNanos([, whole = '', fraction, unit = '']: readonly (string | undefined)[], text: string): bigint {
  if (whole === '' && (fraction ?? '') === '') throw invalidDuration(text);
  if (unit === '') throw new RangeError(`time: missing unit in duration ${quote(text)}`);
  const nanos = unitNanos.get(unit);
  if (nanos === undefined) throw new RangeError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
  const wholeNanos = whole.length > 19 ? maxNanos + 2n : BigInt(whole || 0) * nanos;
  // No unit has more than 13 digits of nanoseconds, so further digits of the fraction cannot count.
  const digits = (fraction ?? '').slice(0, 18);
  return wholeNanos + (BigInt(digits || 0) * nanos) / 10n ** BigInt(digits.length);
}

function invalidDuration(text: string): RangeError {
  return new RangeError(`time: invalid duration ${quote(text)}`);
}

/** Reads a duration into milliseconds, for timers. */
export function parseDurationMs(text: string): number {
  return Number(parseDuration(text)) / 1e6;
}

export function formatDurationMs(durationMs: number): string {
  return formatDuration(BigInt(Math.round(durationMs * 1e6)));
}

/** `1h0m0s`, `1m30s`, `1.5s`, `100ms`, `0s`: the one canonical text of a duration. */
export function formatDuration(nanos: bigint): string {
  if (nanos < 0n) return `-${formatDuration(-nanos)}`;
  if (nanos === 0n) return '0s';
  if (nanos < nanosPerMicro) return `${nanos}ns`;
  if (nanos < nanosPerMilli) return `${decimal(nanos, nanosPerMicro)}\u00b5s`;
  if (nanos < nanosPerSecond) return `${decimal(nanos, nanosPerMilli)}ms`;
  const seconds = `${decimal(nanos % nanosPerMinute, nanosPerSecond)}s`;
  const minutes = (nanos / nanosPerMinute) % 60n;
  const hours = nanos / nanosPerHour;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

/** nanos / unit as a decimal without trailing zeros; the unit is a power of ten. */
function decimal(nanos: bigint, unit: bigint): string {
  const places = String(unit).length - 1;
  const fraction = String(nanos % unit)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${nanos / unit}` : `${nanos / unit}.${fraction}`;
}
