/** The least and the most that something can be: a size, or a cost. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** As much as 64 bits hold: nothing is known of it, or it is more than could be counted. */
export const UNKNOWN_MAX = 2 ** 64;

export const UNKNOWN: Range = { min: 0, max: UNKNOWN_MAX };

export function exactly(value: number): Range {
  return { min: value, max: value };
}

function capped(value: number): number {
  return Math.min(value, UNKNOWN_MAX);
}

export function plus(...ranges: readonly Range[]): Range {
  return ranges.reduce((a, b) => ({ min: capped(a.min + b.min), max: capped(a.max + b.max) }), exactly(0));
}

export function times(a: Range, b: Range): Range {
  return { min: capped(a.min * b.min), max: capped(a.max * b.max) };
}

/** Rounded up. */
export function scaled(range: Range, factor: number): Range {
  return { min: capped(Math.ceil(range.min * factor)), max: capped(Math.ceil(range.max * factor)) };
}

export function union(a: Range, b: Range): Range {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
