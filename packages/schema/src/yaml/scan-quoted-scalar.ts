import { isBlankOrEnd, isBreak } from './characters.js';
import type { Cursor } from './cursor.js';
import { LineFolding } from './line-folding.js';
import type { Token } from './token.js';

/** A scalar in single or double quotes. */
export function scanQuotedScalar(cursor: Cursor): Token {
  const { line } = cursor;
  const quote = cursor.take();
  let text = '';
  for (;;) {
    if (cursor.isDocumentIndicator('---') || cursor.isDocumentIndicator('...')) throw cursor.error('found unexpected document indicator');
    if (cursor.peek() === '') throw cursor.error('found unexpected end of stream');
    const folding = new LineFolding();
    text += scanWord(cursor, quote, folding);
    if (cursor.peek() === quote) break;
    folding.take(cursor);
    text += folding.folded();
  }
  cursor.skip();
  return { type: 'scalar', line, value: text };
}

/** Up to a blank, a break or the end; a break that is escaped ends it, too. */
function scanWord(cursor: Cursor, quote: string, folding: LineFolding): string {
  let text = '';
  for (let char = cursor.peek(); !isBlankOrEnd(char); char = cursor.peek()) {
    if (quote === "'" && char === quote && cursor.peek(1) === quote) {
      text += quote;
      cursor.skip(2);
    } else if (char === quote) {
      break;
    } else if (quote === '"' && char === '\\') {
      if (isBreak(cursor.peek(1))) {
        cursor.skip();
        cursor.takeBreak();
        folding.breakSilently();
        break;
      }
      text += scanEscape(cursor);
    } else {
      text += cursor.take();
    }
  }
  return text;
}

const escapes: Readonly<Record<string, string>> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const codeLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(cursor: Cursor): string {
  const char = cursor.peek(1);
  const length = Object.hasOwn(codeLengths, char) ? codeLengths[char] : undefined;
  if (length === undefined && !Object.hasOwn(escapes, char)) throw cursor.error('found unknown escape character');
  cursor.skip(2);
  return length === undefined ? (escapes[char] as string) : scanCode(cursor, length);
}

function scanCode(cursor: Cursor, length: number): string {
  let digits = '';
  for (let i = 0; i < length; i++) digits += cursor.peek(i);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) throw cursor.error('did not find expected hexdecimal number');
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw cursor.error('found invalid Unicode character escape code');
  cursor.skip(length);
  return String.fromCodePoint(code);
}
