import { EvaluationError } from './evaluation-error.js';

// An int is a number when it is a safe integer, and a bigint otherwise. Nearly all are numbers, and JSON has them so.

export type Int = number | bigint;

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

const overflow = () => new EvaluationError('integer overflow');

/** The int of a bigint. Throws where it takes more than 64 bits. */
export function int(value: bigint): Int {
  if (value < MIN || value > MAX) throw overflow();
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

export function isInt(value: unknown): value is Int {
  return typeof value === 'number' || typeof value === 'bigint';
}

export function add(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return int(BigInt(a) + BigInt(b));
}

export function subtract(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return int(BigInt(a) - BigInt(b));
}

export function multiply(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return int(BigInt(a) * BigInt(b));
}

export function divide(a: Int, b: Int): Int {
  if (b === 0) throw new EvaluationError('division by zero');
  // Dividing first would round, and might reach the next integer; adding zero turns a negative zero into zero.
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
  return int(BigInt(a) / BigInt(b));
}

export function modulo(a: Int, b: Int): Int {
  if (b === 0) throw new EvaluationError('modulus by zero');
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  if (BigInt(a) === MIN && BigInt(b) === -1n) throw overflow();
  return int(BigInt(a) % BigInt(b));
}

export function negate(a: Int): Int {
  return typeof a === 'number' ? 0 - a : int(-a);
}

/** The int of a double, without its fraction. */
export function intOfDouble(value: number): Int {
  if (!Number.isFinite(value) || value <= -(2 ** 63) || value >= 2 ** 63) throw overflow();
  return int(BigInt(Math.trunc(value)));
}

/** The int that a double is, if it is one. */
export function losslessInt(value: number): Int | undefined {
  if (!Number.isInteger(value) || value <= -(2 ** 63) || value >= 2 ** 63) return undefined;
  return int(BigInt(value));
}
