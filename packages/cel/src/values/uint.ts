import { EvaluationError } from './evaluation-error.js';
import { Uint } from './value.js';

const MAX = 2n ** 64n - 1n;

/** Throws where the value is negative or takes more than 64 bits. */
export function uint(value: bigint): Uint {
  if (value < 0n || value > MAX) throw new EvaluationError('unsigned integer overflow');
  return new Uint(value);
}

export function uintOfDouble(value: number): Uint {
  if (!Number.isFinite(value) || value < 0 || value >= 2 ** 64) throw new EvaluationError('unsigned integer overflow');
  return new Uint(BigInt(Math.trunc(value)));
}
