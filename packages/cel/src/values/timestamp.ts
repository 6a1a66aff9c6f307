import { formatTime, parseTime } from '@keelson/machinery';
import { Duration } from './duration.js';
import { EvaluationError } from './evaluation-error.js';

const MIN_SECONDS = -62_135_596_800;
const MAX_SECONDS = 253_402_300_799;
const NANOS_PER_SECOND = 1_000_000_000n;

/** A moment between the years 1 and 9999. Prints in the time zone that it was read in. */
export class Timestamp {
  private constructor(
    /** Since 1970; negative before. */
    readonly seconds: number,
    readonly nanos: number,
    readonly offsetMinutes: number,
  ) {}

  static of(seconds: number, nanos = 0, offsetMinutes = 0): Timestamp {
    if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) throw new EvaluationError('timestamp overflow');
    return new Timestamp(seconds, nanos, offsetMinutes);
  }

  /** RFC 3339. Throws RangeError when it is not. */
  static parse(text: string): Timestamp {
    const { seconds, nanos } = parseTime(text);
    const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})$/.exec(text) ?? [];
    const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
    return Timestamp.of(seconds, nanos, offset);
  }

  get epochNanos(): bigint {
    return BigInt(this.seconds) * NANOS_PER_SECOND + BigInt(this.nanos);
  }

  plus(duration: Duration): Timestamp {
    const nanos = this.epochNanos + duration.nanos;
    const rest = ((nanos % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
    return Timestamp.of(Number((nanos - rest) / NANOS_PER_SECOND), Number(rest), this.offsetMinutes);
  }

  minus(other: Timestamp): Duration {
    return Duration.of(this.epochNanos - other.epochNanos);
  }

  toString(): string {
    const local = formatTime({ seconds: this.seconds + this.offsetMinutes * 60 }).slice(0, -1);
    const fraction = String(this.nanos).padStart(9, '0').replace(/0+$/, '');
    return `${local}${fraction === '' ? '' : `.${fraction}`}${this.#zone()}`;
  }

  #zone(): string {
    if (this.offsetMinutes === 0) return 'Z';
    const minutes = Math.abs(this.offsetMinutes);
    const two = (number: number) => String(number).padStart(2, '0');
    return `${this.offsetMinutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
  }
}
