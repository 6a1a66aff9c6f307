import { Buffer } from 'node:buffer';
import { formatJsonString } from '@keelson/machinery';

/**
 * Writing JSON text into a buffer, at `to`, giving the position behind it. Writing past the end is ignored by typed
 * arrays: whoever began sees a position beyond the buffer's length and starts again with a larger one.
 */

/** 1 for bytes that JSON strings hold as they are: printable ASCII without `"`, `\` and what Go escapes for HTML. */
const plain = new Uint8Array(256);
for (let byte = 0x20; byte < 0x80; byte++) plain[byte] = '"\\<>&'.includes(String.fromCharCode(byte)) ? 0 : 1;

/** UTF-8 bytes as a JSON string. */
export function putString(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
  let q = to;
  out[q++] = 0x22;
  for (let p = at; p < end; p++) {
    const byte = b[p] as number;
    if (plain[byte] === 0) return putText(out, to, formatJsonString(b.toString('utf8', at, end)));
    out[q++] = byte;
  }
  out[q++] = 0x22;
  return q;
}

/** Text that is JSON already. */
export function putText(out: Buffer, to: number, text: string): number {
  const length = Buffer.byteLength(text);
  if (to + length <= out.length) out.write(text, to, length);
  return to + length;
}

/** ASCII text that needs no escapes, quotes added. */
export function putQuoted(out: Buffer, to: number, text: string): number {
  let q = to;
  out[q++] = 0x22;
  for (let i = 0; i < text.length; i++) out[q++] = text.charCodeAt(i);
  out[q++] = 0x22;
  return q;
}

/** Bytes that are JSON already. */
export function putRaw(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
  if (to + end - at <= out.length) b.copy(out, to, at, end);
  return to + end - at;
}

export function putBase64(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
  return putText(out, to, `"${b.toString('base64', at, end)}"`);
}

export function putNumber(out: Buffer, to: number, value: number | bigint): number {
  if (typeof value === 'number' && value >= 0 && value < 100 && Number.isInteger(value)) return putTwoDigits(out, to, value);
  const text = String(value);
  for (let i = 0; i < text.length; i++) out[to + i] = text.charCodeAt(i);
  return to + text.length;
}

function putTwoDigits(out: Buffer, to: number, value: number): number {
  if (value < 10) {
    out[to] = 0x30 + value;
    return to + 1;
  }
  const tens = (value / 10) | 0;
  out[to] = 0x30 + tens;
  out[to + 1] = 0x30 + value - tens * 10;
  return to + 2;
}

export function putNull(out: Buffer, to: number): number {
  out[to] = 0x6e;
  out[to + 1] = 0x75;
  out[to + 2] = 0x6c;
  out[to + 3] = 0x6c;
  return to + 4;
}

export function putBool(out: Buffer, to: number, value: boolean): number {
  return putAscii(out, to, value ? 'true' : 'false');
}

export function putAscii(out: Buffer, to: number, text: string): number {
  for (let i = 0; i < text.length; i++) out[to + i] = text.charCodeAt(i);
  return to + text.length;
}
