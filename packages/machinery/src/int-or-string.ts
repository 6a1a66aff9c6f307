/** A number, or a text that may be a percentage (`25%`) or a name. */
export type IntOrString = number | string;

/** Reads command line or header text: digits become a number, anything else stays text. */
export function parseIntOrString(text: string): IntOrString {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return isInt32(value) ? value : text;
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
}

/** The percentage in `25%`; undefined when this is not one. */
export function percentOf(value: IntOrString): number | undefined {
  if (typeof value !== 'string' || !/^[+-]?\d+%$/.test(value)) return undefined;
  return Number(value.slice(0, -1));
}

export type Rounding = 'up' | 'down';

/** A count: the number itself, or the percentage of a total. Throws when the text is no percentage. */
export function scaledValue(value: IntOrString, total: number, rounding: Rounding): number {
  if (typeof value === 'number') return value;
  const percentage = percentOf(value);
  if (percentage === undefined) throw new RangeError(`invalid value for IntOrString: ${notPercentage(value)}`);
  const scaled = (percentage * total) / 100;
  return rounding === 'up' ? Math.ceil(scaled) : Math.floor(scaled);
}

function notPercentage(text: string): string {
  return text.endsWith('%') ? `invalid value "${text}"` : 'invalid type: string is not a percentage';
}
