import { isBlank, isBlankOrEnd, isBreakOrEnd, isWord } from './characters.js';
import type { Cursor } from './cursor.js';
import { scanTagHandle, scanTagUri } from './scan-tag.js';
import type { Token } from './token.js';

/** `%YAML 1.1` or `%TAG !e! tag:example.com,2000:`, with the end of its line. */
export function scanDirective(cursor: Cursor): Token {
  const { line } = cursor;
  cursor.skip();
  const token = scanKind(cursor, line);
  skipToLineEnd(cursor);
  cursor.takeBreak();
  return token;
}

function scanKind(cursor: Cursor, line: number): Token {
  const name = cursor.takeWhile(isWord);
  if (name === '') throw cursor.error('could not find expected directive name');
  if (!isBlankOrEnd(cursor.peek())) throw cursor.error('found unexpected non-alphabetical character');
  if (name === 'YAML') return { type: 'version-directive', line, value: scanVersion(cursor) };
  if (name === 'TAG') return { type: 'tag-directive', line, ...scanTagPrefix(cursor) };
  throw cursor.error('found unknown directive name');
}

/** Also of the line on which a block scalar begins. */
export function skipToLineEnd(cursor: Cursor): void {
  cursor.takeWhile(isBlank);
  if (cursor.peek() === '#') cursor.takeWhile((char) => !isBreakOrEnd(char));
  if (!isBreakOrEnd(cursor.peek())) throw cursor.error('did not find expected comment or line break');
}

function scanVersion(cursor: Cursor): string {
  cursor.takeWhile(isBlank);
  const major = scanNumber(cursor);
  if (cursor.peek() !== '.') throw cursor.error("did not find expected digit or '.' character");
  cursor.skip();
  return `${major}.${scanNumber(cursor)}`;
}

const maxDigits = 2;

function scanNumber(cursor: Cursor): number {
  let digits = '';
  while (/^\d$/.test(cursor.peek())) {
    if (digits.length === maxDigits) throw cursor.error('found extremely long version number');
    digits += cursor.take();
  }
  if (digits === '') throw cursor.error('did not find expected version number');
  return Number(digits);
}

function scanTagPrefix(cursor: Cursor): { value: string; suffix: string } {
  cursor.takeWhile(isBlank);
  const value = scanTagHandle(cursor, true);
  if (!isBlank(cursor.peek())) throw cursor.error('did not find expected whitespace');
  cursor.takeWhile(isBlank);
  const suffix = scanTagUri(cursor, '');
  if (!isBlankOrEnd(cursor.peek())) throw cursor.error('did not find expected whitespace or line break');
  return { value, suffix };
}
