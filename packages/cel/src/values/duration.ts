import { EvaluationError } from './evaluation-error.js';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** A length of time, at most 292 years. */
export class Duration {
  constructor(readonly nanos: bigint) {}

  /** Throws where it does not fit 64 bits of nanoseconds. */
  static of(nanos: bigint): Duration {
    if (nanos < MIN || nanos > MAX) throw new EvaluationError('integer overflow');
    return new Duration(nanos);
  }

  /** Seconds with all decimals there are, as `string(duration)` and JSON have it. */
  toString(): string {
    const magnitude = this.nanos < 0n ? -this.nanos : this.nanos;
    const fraction = String(magnitude % 1_000_000_000n)
      .padStart(9, '0')
      .replace(/0+$/, '');
    return `${this.nanos < 0n ? '-' : ''}${magnitude / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`;
  }
}
