import type { Buffer } from 'node:buffer';
import { formatDuration, formatMicroTime, parseDuration, parseMicroTime, type Timestamp } from '@keelson/machinery';
import { putNull, putQuoted } from '../json-out.js';
import { timeSeconds, timeText, zeroTimeSeconds } from '../time-text.js';
import { cursor, readInt32, readInt64, readVarint, skipField, writeInteger } from '../wire.js';
import { WrongKind } from '../wrong-kind.js';
import { Form, rejected } from './form.js';

/** Reads the fields of Timestamp. */
function readTimestamp(b: Buffer, at: number, end: number): Timestamp {
  let seconds = 0;
  let nanos = 0;
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    p = cursor.at;
    if (tag === 8) {
      seconds = Number(readInt64(b, p));
      p = cursor.at;
    } else if (tag === 16) {
      nanos = readInt32(b, p);
      p = cursor.at;
    } else {
      p = skipField(b, tag, p, end);
    }
  }
  return { seconds, nanos };
}

function writeTimestamp({ seconds, nanos }: Timestamp, b: Buffer, at: number): number {
  let p = writeInteger(b, at, nanos);
  b[--p] = 16;
  p = writeInteger(b, p, seconds);
  b[--p] = 8;
  return p;
}

export class TimeForm extends Form {
  decode(b: Buffer, at: number, end: number): string | null {
    if (at === end) return null;
    const { seconds } = readTimestamp(b, at, end);
    return seconds === zeroTimeSeconds ? null : timeText(seconds);
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const text = this.decode(b, at, end);
    return text === null ? putNull(out, to) : putQuoted(out, to, text);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (typeof value !== 'string') return at;
    const seconds = timeSeconds(value);
    return seconds === zeroTimeSeconds ? at : writeTimestamp({ seconds, nanos: 0 }, b, at);
  }

  canonical(value: unknown): string | null {
    if (value === null) return null;
    if (typeof value !== 'string') throw new WrongKind(value, 'string');
    try {
      const seconds = timeSeconds(value);
      return seconds === zeroTimeSeconds ? null : timeText(seconds);
    } catch (error) {
      throw rejected(error);
    }
  }
}

export class MicroTimeForm extends Form {
  decode(b: Buffer, at: number, end: number): string | null {
    return at === end ? null : microText(readTimestamp(b, at, end));
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (typeof value !== 'string') return at;
    const time = parseMicroTime(value);
    return isZeroTime(time) ? at : writeTimestamp(time, b, at);
  }

  canonical(value: unknown): string | null {
    if (value === null) return null;
    if (typeof value !== 'string') throw new WrongKind(value, 'string');
    try {
      return microText(parseMicroTime(value));
    } catch (error) {
      throw rejected(error);
    }
  }
}

function isZeroTime({ seconds, nanos }: Timestamp): boolean {
  return seconds === zeroTimeSeconds && nanos === 0;
}

function microText(time: Timestamp): string | null {
  return isZeroTime(time) ? null : formatMicroTime(time);
}

export class DurationForm extends Form {
  decode(b: Buffer, at: number, end: number): string {
    let nanos = 0n;
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (tag === 8) {
        nanos = BigInt(readInt64(b, p));
        p = cursor.at;
      } else {
        p = skipField(b, tag, p, end);
      }
    }
    return formatDuration(nanos);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    const p = writeInteger(b, at, typeof value === 'string' ? parseDuration(value) : 0);
    b[p - 1] = 8;
    return p - 1;
  }

  canonical(value: unknown): string {
    if (value === null) return '0s';
    if (typeof value !== 'string') throw new WrongKind(value, 'string');
    try {
      return formatDuration(parseDuration(value));
    } catch (error) {
      throw rejected(error);
    }
  }
}
