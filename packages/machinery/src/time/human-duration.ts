const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;
/** Clocks of machines differ: what happened up to a second in the future happened now. */
const toleratedSeconds = -1;

/** An age as tables print it, with more detail the younger it is: `45s`, `5m30s`, `7h59m`, `3d4h`, `400d`, `3y45d`. */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < toleratedSeconds) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * minute) return `${seconds}s`;
  if (seconds < 10 * minute) return twoUnits(seconds, minute, 'm', 1, 's');
  if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`;
  if (seconds < 8 * hour) return twoUnits(seconds, hour, 'h', minute, 'm');
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`;
  if (seconds < 8 * day) return twoUnits(seconds, day, 'd', hour, 'h');
  if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`;
  if (seconds < 8 * year) return twoUnits(seconds, year, 'y', day, 'd');
  return `${Math.floor(seconds / year)}y`;
}

function twoUnits(seconds: number, major: number, majorName: string, minor: number, minorName: string): string {
  const rest = Math.floor((seconds % major) / minor);
  return `${Math.floor(seconds / major)}${majorName}${rest === 0 ? '' : `${rest}${minorName}`}`;
}

/** Up to which age, and in steps of what, the text of an age changes: seconds. */
const steps = [
  [10 * minute, 1],
  [8 * hour, minute],
  [8 * day, hour],
  [8 * year, day],
  [Number.POSITIVE_INFINITY, year],
] as const;

/** The age up to which `humanDuration` says the same as at `durationMs`, or a little less. */
export function humanDurationEnd(durationMs: number): number {
  const seconds = Math.floor(durationMs / 1000);
  const [, step] = steps.find(([until]) => seconds < until) as (typeof steps)[number];
  return (Math.floor(seconds / step) + 1) * step * 1000;
}
