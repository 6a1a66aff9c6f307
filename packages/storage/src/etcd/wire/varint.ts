import type { Reader } from 'protobufjs/minimal.js';

/** Bytes of a varint that surely fit a safe integer (7 bits each); longer ones take the exact path. */
const SHORT_BYTES = 7;

/**
 * Reads an int64 as a number. Revisions, counts and watch ids fit; anything that does not is an error, never a rounded
 * value.
 */
export function readInt64(reader: Reader): number {
  let value = 0;
  let factor = 1;
  for (let i = 0; i < SHORT_BYTES; i++) {
    const byte = nextByte(reader);
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
  return readLong(reader, BigInt(value));
}

function readLong(reader: Reader, low: bigint): number {
  let value = low;
  for (let shift = 7n * BigInt(SHORT_BYTES); shift < 70n; shift += 7n) {
    const byte = nextByte(reader);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return toSafeInteger(BigInt.asIntN(64, value));
  }
  throw new RangeError('a varint is longer than ten bytes');
}

function toSafeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} does not fit a safe integer`);
  return number;
}

function nextByte(reader: Reader): number {
  if (reader.pos >= reader.len) throw new RangeError('a message ends inside a varint');
  return reader.buf[reader.pos++] as number;
}
