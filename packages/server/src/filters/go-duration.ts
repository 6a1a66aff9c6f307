import { quote } from '@keelson/machinery';

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3 };

/** Reads Go's form of a duration (`1h2m3.5s`) into milliseconds; throws with Go's words. */
export function parseGoDuration(text: string): number {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return 0;
  if (rest === '') throw new Error(`time: invalid duration ${quote(text)}`);
  let totalMs = 0;
  while (rest !== '') {
    const [all, number = '', unit = ''] = /^(\d*\.?\d*)([^\d.]*)/.exec(rest) ?? [];
    if (all === undefined || !/\d/.test(number)) throw new Error(`time: invalid duration ${quote(text)}`);
    if (unit === '') throw new Error(`time: missing unit in duration ${quote(text)}`);
    const scale = Object.hasOwn(unitMs, unit) ? unitMs[unit] : undefined;
    if (scale === undefined) throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    totalMs += Number(number) * scale;
    rest = rest.slice(all.length);
  }
  return negative ? -totalMs : totalMs;
}
