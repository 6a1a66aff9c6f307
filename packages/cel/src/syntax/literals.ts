import { type Int, int } from '../values/int.js';
import { uint } from '../values/uint.js';
import { Double, type Uint } from '../values/value.js';

/** A literal that the grammar allows and that has no value. */
export class LiteralError extends Error {}

export function intLiteral(text: string, negative: boolean): Int {
  return within64Bits('invalid int literal', () => int(negative ? -BigInt(text) : BigInt(text)));
}

export function uintLiteral(text: string): Uint {
  return within64Bits('invalid uint literal', () => uint(BigInt(text.slice(0, -1))));
}

export function floatLiteral(text: string, negative: boolean): Double {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new LiteralError('invalid double literal');
  return new Double(negative ? -value : value);
}

function within64Bits<T>(message: string, read: () => T): T {
  try {
    return read();
  } catch {
    // Beyond 64 bits, the only way to fail for what the grammar lets through.
    throw new LiteralError(message);
  }
}

export function stringLiteral(text: string): string {
  return pieces(text)
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const { code } = piece;
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new LiteralError('invalid unicode code point');
      return String.fromCodePoint(code);
    })
    .join('');
}

/** In bytes, `\x` and octal escapes are bytes, and the rest is UTF-8. */
export function bytesLiteral(text: string): Uint8Array {
  const parts = pieces(text).map((piece) => {
    if (typeof piece === 'string') return Buffer.from(piece);
    if (piece.unicode) throw new LiteralError('unable to unescape string');
    return Uint8Array.of(piece.code);
  });
  return new Uint8Array(Buffer.concat(parts));
}

/** What a numeric escape stands for. */
interface Escaped {
  readonly code: number;
  /** Written as `\u` or `\U`. */
  readonly unicode: boolean;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const PIECES = /[^\\]+|\\(?:[xX]([0-9a-fA-F]{2})|(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([0-3][0-7]{2})|([abfnrtv"'\\?`]))/g;

/** What stands between the quotes. */
function pieces(literal: string): (string | Escaped)[] {
  const normalized = literal.replace(/\r\n?/g, '\n');
  const raw = /^[rR]/.test(normalized);
  const quoted = raw ? normalized.slice(1) : normalized;
  const width = quoted.length >= 6 && (quoted.startsWith("'''") || quoted.startsWith('"""')) ? 3 : 1;
  const inner = quoted.slice(width, -width);
  if (raw) return [inner];
  return [...inner.matchAll(PIECES)].map(([text, hex, short, long, octal, character]) => {
    if (hex !== undefined) return { code: Number.parseInt(hex, 16), unicode: false };
    if (octal !== undefined) return { code: Number.parseInt(octal, 8), unicode: false };
    const unicode = short ?? long;
    if (unicode !== undefined) return { code: Number.parseInt(unicode, 16), unicode: true };
    return character === undefined ? text : (SHORT_ESCAPES[character] ?? character);
  });
}
