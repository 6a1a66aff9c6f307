import { Buffer } from 'node:buffer';
import { DecodeError } from '../kind.js';

/**
 * Reading and writing of protobuf primitives. Two conventions keep the compiled code small and fast:
 * - Reading past the end yields undefined and so NaN positions; whoever reads a message checks that it ended where its
 *   length said, and lengths are checked before they are followed.
 * - Messages are written backwards, from the end of a buffer: what follows a length is already there when the length is
 *   written. Writing before the start is ignored by typed arrays; whoever began sees a negative position and starts
 *   again with a larger buffer.
 */
export const cursor = { at: 0 };

/** The wire ended inside a field. The text is the one Kubernetes' clients know. */
export function truncated(): DecodeError {
  return new DecodeError('unexpected EOF');
}

/** A varint of any length as a number; leaves the position behind it in `cursor.at`. Exact up to 2^53. */
export function readVarint(b: Uint8Array, start: number): number {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 10; i++) {
    const byte = b[start + i];
    if (byte === undefined) throw truncated();
    value += (byte & 127) * scale;
    if (byte < 128) {
      cursor.at = start + i + 1;
      return value;
    }
    scale *= 128;
  }
  throw new DecodeError('proto: integer overflow');
}

/** A varint as int32: the low 32 bits count, as negative numbers are written in ten bytes. */
export function readInt32(b: Uint8Array, start: number): number {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = b[start + i];
    if (byte === undefined) throw truncated();
    if (i < 5) value |= (byte & 127) << (7 * i);
    if (byte < 128) {
      cursor.at = start + i + 1;
      return value;
    }
  }
  throw new DecodeError('proto: integer overflow');
}

/** A varint as int64: a number where that is exact, else a bigint. */
export function readInt64(b: Uint8Array, start: number): number | bigint {
  const value = readVarint(b, start);
  return value <= Number.MAX_SAFE_INTEGER ? value : readBigInt(b, start, cursor.at);
}

function readBigInt(b: Uint8Array, start: number, end: number): number | bigint {
  let value = 0n;
  for (let i = end - 1; i >= start; i--) value = (value << 7n) | BigInt((b[i] ?? 0) & 127);
  const signed = BigInt.asIntN(64, value);
  return isSafe(signed) ? Number(signed) : signed;
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** Start and end of the bytes that a length-delimited field holds, in the message ending at `limit`; `cursor.at` is the end. */
export function readLength(b: Uint8Array, start: number, limit: number): number {
  const length = readVarint(b, start);
  const from = cursor.at;
  cursor.at = from + length;
  if (cursor.at > limit) throw truncated();
  return from;
}

/** The position behind a field whose tag has just been read. */
export function skipField(b: Uint8Array, tag: number, at: number, limit: number): number {
  switch (tag & 7) {
    case 0:
      readVarint(b, at);
      return cursor.at;
    case 1:
      return within(at + 8, limit);
    case 2:
      readLength(b, at, limit);
      return cursor.at;
    case 5:
      return within(at + 4, limit);
    default:
      throw new DecodeError(`proto: illegal wireType ${tag & 7}`);
  }
}

function within(at: number, limit: number): number {
  if (at > limit) throw truncated();
  return at;
}

export function readDouble(b: Buffer, at: number): number {
  return b.readDoubleLE(at);
}

/** Below this many bytes building a string in JavaScript is faster than a native call. */
const nativeFrom = 13;

/** UTF-8 text. */
export function readString(b: Buffer, at: number, end: number): string {
  if (end - at >= nativeFrom) return b.toString('utf8', at, end);
  let text = '';
  let i = at;
  for (; i + 4 <= end; i += 4) {
    const c0 = b[i] as number;
    const c1 = b[i + 1] as number;
    const c2 = b[i + 2] as number;
    const c3 = b[i + 3] as number;
    if ((c0 | c1 | c2 | c3) > 127) return b.toString('utf8', at, end);
    text += String.fromCharCode(c0, c1, c2, c3);
  }
  for (; i < end; i++) {
    const c = b[i] as number;
    if (c > 127) return b.toString('utf8', at, end);
    text += String.fromCharCode(c);
  }
  return text;
}

/** Writes a non-negative number below 2^31 so that it ends at `at`; gives the start. */
export function writeVarint(b: Uint8Array, at: number, value: number): number {
  if (value < 128) {
    b[at - 1] = value;
    return at - 1;
  }
  const size = value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
  let rest = value;
  let i = at - size;
  for (; i < at - 1; i++) {
    b[i] = (rest & 127) | 128;
    rest >>>= 7;
  }
  b[i] = rest;
  return at - size;
}

/** Any integer in the 64-bit two's complement that protobuf's int32 and int64 use. */
export function writeInteger(b: Uint8Array, at: number, value: number | bigint): number {
  if (typeof value === 'number' && value >= 0 && value < 0x80000000) return writeVarint(b, at, value);
  let rest = BigInt.asUintN(64, BigInt(value));
  const groups: number[] = [];
  do {
    groups.push(Number(rest & 127n));
    rest >>= 7n;
  } while (rest > 0n);
  for (let i = 0; i < groups.length; i++) {
    b[at - groups.length + i] = (groups[i] as number) | (i < groups.length - 1 ? 128 : 0);
  }
  return at - groups.length;
}

export function writeDouble(b: Buffer, at: number, value: number): number {
  if (at >= 8) b.writeDoubleLE(value, at - 8);
  return at - 8;
}

/** Below this many characters copying in JavaScript is faster than a native call. */
const nativeWriteFrom = 64;

/** UTF-8 text behind its length. */
export function writeString(b: Buffer, at: number, text: string): number {
  const length = text.length;
  if (length >= nativeWriteFrom) return writeLongString(b, at, text);
  let i = at;
  for (let k = length - 1; k >= 0; k--) {
    const c = text.charCodeAt(k);
    if (c > 127) return writeLongString(b, at, text);
    b[--i] = c;
  }
  b[--i] = length;
  return i;
}

function writeLongString(b: Buffer, at: number, text: string): number {
  const length = Buffer.byteLength(text);
  const start = at - length;
  if (start >= 0) b.write(text, start, length);
  return writeVarint(b, start, length);
}

/** Bytes behind their length. */
export function writeBytes(b: Buffer, at: number, bytes: Uint8Array): number {
  const start = at - bytes.length;
  if (start >= 0) b.set(bytes, start);
  return writeVarint(b, start, bytes.length);
}
