const unitMs: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** Milliseconds of a duration in Go's notation (`1h30m`, `1.5s`, `0`), the notation of every duration in Kubernetes. */
export function parseGoDuration(text: string): number {
  const negative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  let totalMs = 0;
  if (rest === '') throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
  while (rest !== '') {
    const [, number = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (number === '') throw new Error(`time: invalid duration ${JSON.stringify(text)}`);
    if (unit === '') throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const scale = unitMs.get(unit);
    if (scale === undefined) throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    totalMs += Number(number) * scale;
    rest = rest.slice(number.length + unit.length);
  }
  return negative ? -totalMs : totalMs;
}

/** Go's own spelling: `1h0m0s`, `1m30s`, `2s`, `100ms`, `0s`. */
export function formatGoDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  if (durationMs < 0) return `-${formatGoDuration(-durationMs)}`;
  if (durationMs < 1) return durationMs < 1e-3 ? `${durationMs * 1e6}ns` : `${durationMs * 1e3}µs`;
  if (durationMs < 1000) return `${durationMs}ms`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = `${(durationMs % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
