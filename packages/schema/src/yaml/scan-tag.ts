import { isBlankOrEnd, isWord } from './characters.js';
import type { Cursor } from './cursor.js';
import type { Token } from './token.js';
import { widthOf } from './utf8-problem.js';

/** `!!str`, `!local`, `!e!name`, `!<tag:yaml.org,2002:str>`, `!`. A tag without a handle is whole in its suffix. */
export function scanTag(cursor: Cursor): Token {
  const { line } = cursor;
  const { value, suffix } = cursor.peek(1) === '<' ? scanVerbatim(cursor) : scanShort(cursor);
  if (!isBlankOrEnd(cursor.peek())) throw cursor.error('did not find expected whitespace or line break');
  return { type: 'tag', line, value, suffix };
}

interface Tag {
  readonly value: string;
  readonly suffix: string;
}

function scanVerbatim(cursor: Cursor): Tag {
  cursor.skip(2);
  const suffix = scanTagUri(cursor, '');
  if (cursor.peek() !== '>') throw cursor.error("did not find the expected '>'");
  cursor.skip();
  return { value: '', suffix };
}

function scanShort(cursor: Cursor): Tag {
  const handle = scanTagHandle(cursor, false);
  if (handle.length > 1 && handle.endsWith('!')) return { value: handle, suffix: scanTagUri(cursor, '') };
  const suffix = scanTagUri(cursor, handle);
  return suffix === '' ? { value: '', suffix: '!' } : { value: '!', suffix };
}

/** `inDirective`: there it has to be whole. */
export function scanTagHandle(cursor: Cursor, inDirective: boolean): string {
  if (cursor.peek() !== '!') throw cursor.error("did not find expected '!'");
  const handle = cursor.take() + cursor.takeWhile(isWord);
  if (cursor.peek() === '!') return handle + cursor.take();
  if (inDirective && handle !== '!') throw cursor.error("did not find expected '!'");
  return handle;
}

/** `head`: what of the tag was taken for a handle; its `!` is not part of the URI. */
export function scanTagUri(cursor: Cursor, head: string): string {
  const bytes: Buffer[] = [Buffer.from(head.slice(1))];
  let found = head !== '';
  for (let char = cursor.peek(); isWord(char) || (char !== '' && ";/?:@&=+$,.!~*'()[]%".includes(char)); char = cursor.peek()) {
    bytes.push(char === '%' ? scanEscapes(cursor) : Buffer.from(cursor.take()));
    found = true;
  }
  if (!found) throw cursor.error('did not find expected tag URI');
  return Buffer.concat(bytes).toString();
}

/** The bytes of one character, each as `%41`. */
function scanEscapes(cursor: Cursor): Buffer {
  const bytes: number[] = [scanOctet(cursor)];
  const width = widthOf(bytes[0] as number);
  if (width === 0) throw cursor.error('found an incorrect leading UTF-8 octet');
  cursor.skip(3);
  while (bytes.length < width) {
    const octet = scanOctet(cursor);
    if ((octet & 0xc0) !== 0x80) throw cursor.error('found an incorrect trailing UTF-8 octet');
    bytes.push(octet);
    cursor.skip(3);
  }
  return Buffer.from(bytes);
}

function scanOctet(cursor: Cursor): number {
  const digits = cursor.peek(1) + cursor.peek(2);
  if (cursor.peek() !== '%' || !/^[0-9a-fA-F]{2}$/.test(digits)) throw cursor.error('did not find URI escaped octet');
  return Number.parseInt(digits, 16);
}
