import { multiplierOf } from '@keelson/machinery';

const TEXT = /^([+-]?)0*(\d*)(?:\.(\d*))?(.*)$/s;
const MAX_DIGITS = 18;
const MAX_BINARY_DIGITS = 15;
const MIN_SCALE = -9;

/**
 * A quantity as Kubernetes holds it where it can: value × 10^scale, with a value of 64 bits. Whether a quantity is taken
 * for an integer goes by that, not by what it comes to: `1000m` and `1.5Gi` are none. Undefined: it is held otherwise.
 */
export interface Amount {
  readonly value: bigint;
  readonly scale: number;
}

/** Of the text of a quantity. */
export function amountOf(text: string): Amount | undefined {
  const [, sign, digits = '', fraction = '', suffix = ''] = TEXT.exec(text) ?? [];
  const whole = digits || '0';
  const multiplier = multiplierOf(suffix);
  if (multiplier === undefined) return undefined;
  const { base, exponent } = multiplier;
  const factor = base === 2 ? 2n ** BigInt(exponent) : 1n;
  const room =
    base === 10
      ? MAX_DIGITS - whole.length - fraction.length
      : fraction === ''
        ? MAX_BINARY_DIGITS - whole.length - Math.trunc((exponent * 3) / 10) - 1
        : -1;
  const scale = (base === 10 ? exponent : 0) - fraction.length;
  if (room < 0 || scale < MIN_SCALE) return undefined;
  const value = BigInt(`${whole}${fraction}`) * factor;
  return within64Bits(sign === '-' ? -value : value, scale);
}

/** Undefined also where the sum is too large for it. */
export function addAmounts(a: Amount | undefined, b: Amount | undefined): Amount | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.value === 0n) return b;
  if (b.value === 0n) return a;
  const scale = Math.min(a.scale, b.scale);
  const [left, right] = [a, b].map((one) => within64Bits(one.value * 10n ** BigInt(one.scale - scale), scale));
  return left && right && within64Bits(left.value + right.value, scale);
}

export function negateAmount(amount: Amount | undefined): Amount | undefined {
  return amount && { value: -amount.value, scale: amount.scale };
}

/** Undefined where it is not taken for an integer. */
export function integerOf(amount: Amount | undefined): bigint | undefined {
  if (amount === undefined || amount.scale < 0) return undefined;
  return within64Bits(amount.value * 10n ** BigInt(amount.scale), 0)?.value;
}

function within64Bits(value: bigint, scale: number): Amount | undefined {
  return BigInt.asIntN(64, value) === value ? { value, scale } : undefined;
}
