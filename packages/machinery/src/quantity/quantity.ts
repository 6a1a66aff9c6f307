import { memoized } from '../caches/memoized.js';
import { binarySuffix, decimalSuffix, type Multiplier, maxBinaryPower, multiplierOf, type QuantityFormat } from './format.js';

/** Nothing finer is kept. */
const nano = -9;
const maxInt64 = 2n ** 63n - 1n;

const quantityText = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;
const formatWrong = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const suffixWrong = "unable to parse quantity's suffix";

/** Longer texts are refused: arithmetic on them would keep everybody waiting. */
const maxTextLength = 1000;

/**
 * A fixed-point number with a memory of how it was written: `500m`, `1Gi`, `5e3`. Immutable. Kept as
 * digits × 10^scale, with scale ≥ -9 and digits without trailing zeros, so that equal numbers have equal parts.
 */
export class Quantity {
  static readonly zero = new Quantity(0n, 0, 'DecimalSI');
  /** The most that a binary quantity can be: 64 bits. */
  static readonly max = new Quantity(maxInt64, 0, 'BinarySI');

  readonly format: QuantityFormat;
  readonly #digits: bigint;
  readonly #scale: number;
  #text: string | undefined;

  private constructor(digits: bigint, scale: number, format: QuantityFormat) {
    this.#digits = digits;
    this.#scale = scale;
    this.format = format;
  }

  /** digits × 10^scale. What is finer than nano is rounded away from zero: who wants some gets some. */
  static of(digits: bigint | number, scale = 0, format: QuantityFormat = 'DecimalSI'): Quantity {
    const [reduced, exponent] = reduce(BigInt(digits), scale);
    if (exponent >= nano) return new Quantity(reduced, exponent, format);
    return new Quantity(...reduce(divideAwayFromZero(reduced, nano - exponent), nano), format);
  }

  /** Reads any text a client may write. Throws with the text Kubernetes' clients know. */
  static readonly parse = memoized((text) => Quantity.#parse(text));

  static #parse(text: string): Quantity {
    const [, sign, whole = '', fraction = '', suffix = ''] = (text !== '' && text.length <= maxTextLength && quantityText.exec(text)) || [];
    if (sign === undefined) throw new RangeError(formatWrong);
    const multiplier = multiplierOf(suffix);
    if (multiplier === undefined) throw new RangeError(suffixWrong);
    const digits = BigInt(`0${whole}${fraction}`);
    const quantity = scaled(digits, -fraction.length, multiplier);
    return sign === '-' ? quantity.negate() : quantity;
  }

  get sign(): -1 | 0 | 1 {
    return this.#digits === 0n ? 0 : this.#digits > 0n ? 1 : -1;
  }

  compare(other: Quantity): -1 | 0 | 1 {
    const [a, b] = align(this, other);
    return a === b ? 0 : a < b ? -1 : 1;
  }

  equals(other: Quantity): boolean {
    return this.#digits === other.#digits && this.#scale === other.#scale;
  }

  /** The sum, in this quantity's format; zero has none of its own. */
  add(other: Quantity): Quantity {
    const [a, b, scale] = align(this, other);
    return Quantity.of(a + b, scale, this.sign === 0 ? other.format : this.format);
  }

  /** The difference, in this quantity's format; zero has none of its own. */
  sub(other: Quantity): Quantity {
    return this.add(other.negate());
  }

  negate(): Quantity {
    return new Quantity(-this.#digits, this.#scale, this.format);
  }

  /** The number in units of 10^scale, rounded away from zero and held within 64 bits: 1500m in milli is 1500. */
  scaledValue(scale: number): bigint {
    const shift = this.#scale - scale;
    const value = shift >= 0 ? this.#digits * 10n ** BigInt(shift) : divideAwayFromZero(this.#digits, -shift);
    return value > maxInt64 ? maxInt64 : value < -maxInt64 - 1n ? -maxInt64 - 1n : value;
  }

  /** The whole number, rounded away from zero and held within 64 bits. */
  value(): bigint {
    return this.scaledValue(0);
  }

  /** In thousandths, rounded away from zero and held within 64 bits. */
  milliValue(): bigint {
    return this.scaledValue(-3);
  }

  /** The nearest floating-point number: for metrics and ratios, not for decisions. */
  toNumber(): number {
    return Number(`${this.#digits}e${this.#scale}`);
  }

  /** The canonical text: no fraction, the largest suffix of the format that leaves a whole number. */
  toString(): string {
    this.#text ??= this.#print();
    return this.#text;
  }

  toJSON(): string {
    return this.toString();
  }

  #print(): string {
    const value = this.format === 'BinarySI' ? this.#whole() : undefined;
    if (value !== undefined && (value >= 1024n || value <= -1024n)) return printBinary(value);
    const exponent = Math.floor(this.#scale / 3) * 3;
    const digits = this.#digits * 10n ** BigInt(this.#scale - exponent);
    return digits === 0n ? '0' : `${digits}${decimalSuffix(exponent, this.format)}`;
  }

  /** The number when it is whole, of any size. */
  #whole(): bigint | undefined {
    return this.#scale < 0 ? undefined : this.#digits * 10n ** BigInt(this.#scale);
  }

  /** Digits and scale, for arithmetic between quantities. */
  get parts(): readonly [digits: bigint, scale: number] {
    return [this.#digits, this.#scale];
  }
}

/**
 * Whole numbers of up to 15 digits with a suffix that stays within 64 bits: what nearly all quantities are. A text that
 * is canonical keeps its own spelling of the exponent.
 */
const plainText = /^(?:([1-9]\d{0,14})([mkMG]|Ki|[eE][369])?|([1-9]\d{0,8})(Mi|Gi))$/;

/**
 * Whether a text is in canonical form already, without arithmetic on big numbers. May say no of rarer forms that are
 * canonical.
 */
function isPlainlyCanonical(text: string): boolean {
  const [, digits, suffix, binaryDigits] = plainText.exec(text) ?? [];
  if (binaryDigits !== undefined) return Number(binaryDigits) % 1024 !== 0;
  if (digits === undefined) return text === '0';
  return Number(digits) % (suffix === 'Ki' ? 1024 : 1000) !== 0;
}

/** Brings the text of a quantity into canonical form. Throws as `Quantity.parse` does. */
export const canonicalQuantity = memoized((text) => (isPlainlyCanonical(text) ? text : Quantity.parse(text).toString()));

function scaled(digits: bigint, scale: number, { base, exponent, format }: Multiplier): Quantity {
  if (base === 10) return Quantity.of(digits, scale + exponent, format);
  const quantity = Quantity.of(digits * 2n ** BigInt(exponent), scale, format);
  const [kept, keptScale] = quantity.parts;
  // Less than one cannot be binary; more than 64 bits is taken as the most there is.
  if (kept !== 0n && keptScale < 0 && kept < 10n ** BigInt(-keptScale)) return Quantity.of(kept, keptScale, 'DecimalSI');
  return quantity.compare(Quantity.max) > 0 ? Quantity.max : quantity;
}

/** Moves trailing zeros from the digits into the scale. */
function reduce(digits: bigint, scale: number): [digits: bigint, scale: number] {
  if (digits === 0n) return [0n, 0];
  let [kept, exponent] = [digits, scale];
  while (kept % 1000n === 0n) [kept, exponent] = [kept / 1000n, exponent + 3];
  while (kept % 10n === 0n) [kept, exponent] = [kept / 10n, exponent + 1];
  return [kept, exponent];
}

function divideAwayFromZero(digits: bigint, places: number): bigint {
  const divisor = 10n ** BigInt(places);
  const quotient = digits / divisor;
  if (digits % divisor === 0n) return quotient;
  return digits > 0n ? quotient + 1n : quotient - 1n;
}

/** The digits of both at the finer of their scales. */
function align(left: Quantity, right: Quantity): [a: bigint, b: bigint, scale: number] {
  const [a, aScale] = left.parts;
  const [b, bScale] = right.parts;
  const scale = Math.min(aScale, bScale);
  return [a * 10n ** BigInt(aScale - scale), b * 10n ** BigInt(bScale - scale), scale];
}

function printBinary(value: bigint): string {
  let [digits, power] = [value, 0];
  while (power < maxBinaryPower && digits % 1024n === 0n) [digits, power] = [digits / 1024n, power + 1];
  return `${digits}${binarySuffix(power)}`;
}
