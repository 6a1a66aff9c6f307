import { Duration } from './duration.js';
import { EvaluationError, noSuchOverload } from './evaluation-error.js';
import { isInt } from './int.js';
import { compareStrings } from './strings.js';
import { Timestamp } from './timestamp.js';
import { type CelValue, Double, Uint } from './value.js';

/** Negative, zero or positive. Throws where two values have no order. */
export function compare(a: CelValue, b: CelValue): number {
  if (typeof a === 'string') {
    if (typeof b === 'string') return compareStrings(a, b);
  } else if (isNumeric(a)) {
    if (isNumeric(b)) return compareNumbers(a, b);
  } else if (typeof a === 'boolean') {
    if (typeof b === 'boolean') return Number(a) - Number(b);
  } else if (a instanceof Timestamp) {
    if (b instanceof Timestamp) return a.seconds - b.seconds || a.nanos - b.nanos;
  } else if (a instanceof Duration) {
    if (b instanceof Duration) return order(a.nanos, b.nanos);
  } else if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  throw noSuchOverload();
}

export type Numeric = number | bigint | Double | Uint;

export function isNumeric(value: CelValue): value is Numeric {
  return isInt(value) || value instanceof Double || value instanceof Uint;
}

function compareNumbers(a: Numeric, b: Numeric): number {
  const [left, right] = comparable(a, b);
  if (Number.isNaN(left) || Number.isNaN(right)) throw new EvaluationError('NaN values cannot be ordered');
  return order(left, right);
}

export function equalNumbers(a: Numeric, b: Numeric): boolean {
  const [left, right] = comparable(a, b);
  // biome-ignore lint/suspicious/noDoubleEquals: number and bigint are compared by value
  return left == right;
}

/** JavaScript compares numbers and bigints by their mathematical values; beside a double, an integer is one, as in cel-go. */
function comparable(a: Numeric, b: Numeric): [number | bigint, number | bigint] {
  const left = isInt(a) ? a : a.value;
  const right = isInt(b) ? b : b.value;
  if (a instanceof Double) return [left, Number(right)];
  return b instanceof Double ? [Number(left), right] : [left, right];
}

function order(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
