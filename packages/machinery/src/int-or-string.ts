/** A number, or a text that may be a percentage (`25%`) or a name. */
export type IntOrString = number | string;

/** The percentage in `25%`; undefined when this is not one. */
export function percentOf(value: IntOrString): number | undefined {
  if (typeof value !== 'string' || !/^[+-]?\d+%$/.test(value)) return undefined;
  return Number(value.slice(0, -1));
}
