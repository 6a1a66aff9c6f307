import { Buffer } from 'node:buffer';
import { DecodeError } from '../kind.js';
import { Mismatch } from './value-codec.js';
import { WrongKind } from './wrong-kind.js';

const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const lineBreaks = /[\r\n]/g;

/** Bytes in base64, as JSON holds them. Line breaks are allowed in input and gone from the result, and so is a number for each byte. */
export function canonicalBase64(value: unknown): string {
  if (Array.isArray(value)) return Buffer.from(value.map(byteOf)).toString('base64');
  if (typeof value !== 'string') throw new Mismatch();
  const text = value.replace(lineBreaks, '');
  if (!wellFormed.test(text)) throw new DecodeError(`illegal base64 data at input byte ${faultOffset(value)}`);
  // Bits beyond the last byte may be set in input.
  return text.endsWith('=') ? Buffer.from(text, 'base64').toString('base64') : text;
}

function byteOf(item: unknown): number {
  if (item === null) return 0;
  if (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > 255) throw new WrongKind(item, 'uint8');
  return item;
}

/** Where Go's decoder gives up: the first character out of place, counting line breaks. */
function faultOffset(text: string): number {
  let inQuantum = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\r' || char === '\n') continue;
    if (char === '=') return paddingFault(text, i, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(char)) return i;
    inQuantum = (inQuantum + 1) % 4;
  }
  return text.length - inQuantum;
}

/** At the `=` at `at`, with `inQuantum` characters before it in its group of four. */
function paddingFault(text: string, at: number, inQuantum: number): number {
  if (inQuantum < 2) return at;
  const rest = text.slice(at + 1);
  const skipped = (/^[\r\n]*/.exec(rest)?.[0] ?? '').length;
  if (inQuantum === 3) return at + 1 + skipped;
  if (rest[skipped] === undefined) return text.length;
  if (rest[skipped] !== '=') return at + 1 + skipped;
  const trailing = rest.slice(skipped + 1);
  return at + 1 + skipped + 1 + (/^[\r\n]*/.exec(trailing)?.[0] ?? '').length;
}
