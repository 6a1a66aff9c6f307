import { EvaluationError } from './evaluation-error.js';
import { plain } from './number-format.js';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;
const NANOS = 1_000_000_000n;

/** A length of time, at most 292 years. */
export class Duration {
  constructor(readonly nanos: bigint) {}

  /** Throws where it does not fit 64 bits of nanoseconds. */
  static of(nanos: bigint): Duration {
    if (nanos < MIN || nanos > MAX) throw new EvaluationError('integer overflow');
    return new Duration(nanos);
  }

  /** Seconds as a double has them, as `string(duration)` and JSON do: a long one loses its last decimals. */
  toString(): string {
    return `${plain(Number(this.nanos / NANOS) + Number(this.nanos % NANOS) / Number(NANOS))}s`;
  }
}
