/** How a quantity was written, and so how it is printed: `1Gi`, `1G` or `1e9`. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** What a suffix multiplies by: base to the power of exponent. */
export interface Multiplier {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const smallestDecimalExponent = -9;

const multipliers: ReadonlyMap<string, Multiplier> = new Map<string, Multiplier>([
  ...binarySuffixes.map((suffix, i) => [suffix, { base: 2, exponent: 10 * i, format: 'BinarySI' }] as const),
  // After the binary ones: no suffix at all is decimal.
  ...decimalSuffixes.map((suffix, i) => [suffix, { base: 10, exponent: smallestDecimalExponent + 3 * i, format: 'DecimalSI' }] as const),
]);

/** Beyond this no value is exact anyway; without a limit `1e2000000000` would cost gigabytes to add to anything. */
const maxExponent = 1000;
const exponentSuffix = /^[eE]([+-]?\d+)$/;

/** What a suffix means; undefined when it is none. */
export function multiplierOf(suffix: string): Multiplier | undefined {
  const known = multipliers.get(suffix);
  if (known !== undefined) return known;
  const written = exponentSuffix.exec(suffix)?.[1];
  if (written === undefined) return undefined;
  const exponent = Number(written);
  return Math.abs(exponent) <= maxExponent ? { base: 10, exponent, format: 'DecimalExponent' } : undefined;
}

/** The suffix of 1024 to the power of `thousands`. */
export function binarySuffix(thousands: number): string {
  return binarySuffixes[thousands] ?? '';
}

/** The largest power of 1024 that has a suffix. */
export const maxBinaryPower = binarySuffixes.length - 1;

/**
 * The suffix of a power of ten. Powers that SI has no letter for are written as exponents rather than dropped, which
 * would change the value (kubernetes v1.34 prints `1000E` as `1`).
 */
export function decimalSuffix(exponent: number, format: QuantityFormat): string {
  if (exponent === 0) return '';
  const letter = format === 'DecimalExponent' ? undefined : decimalSuffixes[(exponent - smallestDecimalExponent) / 3];
  return letter ?? `e${exponent}`;
}
