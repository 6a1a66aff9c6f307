import { isBlank, isBreak, isBreakOrEnd } from './characters.js';
import type { Cursor } from './cursor.js';
import { skipToLineEnd } from './scan-directive.js';
import type { Token } from './token.js';

interface Header {
  readonly chomping: '' | '+' | '-';
  /** How far in the text is, beyond what is around it; 0 where its first line tells. */
  readonly increment: number;
}

/** A literal (`|`) or folded (`>`) scalar; `indent` is that of what is around it. */
export function scanBlockScalar(cursor: Cursor, indent: number): Token {
  const { line } = cursor;
  const literal = cursor.take() === '|';
  const { chomping, increment } = scanHeader(cursor);
  skipToLineEnd(cursor);
  cursor.takeBreak();
  const scanner = new BlockLines(cursor, indent, increment === 0 ? 0 : Math.max(indent, 0) + increment);
  return { type: 'scalar', line, value: scanner.scan(literal, chomping) };
}

function scanHeader(cursor: Cursor): Header {
  const first = scanChomping(cursor);
  const increment = scanIncrement(cursor);
  return { chomping: first === '' && increment > 0 ? scanChomping(cursor) : first, increment };
}

function scanChomping(cursor: Cursor): Header['chomping'] {
  const char = cursor.peek();
  if (char !== '+' && char !== '-') return '';
  cursor.skip();
  return char;
}

function scanIncrement(cursor: Cursor): number {
  if (!/^\d$/.test(cursor.peek())) return 0;
  if (cursor.peek() === '0') throw cursor.error('found an indentation indicator equal to 0');
  return Number(cursor.take());
}

class BlockLines {
  readonly #cursor: Cursor;
  readonly #outer: number;
  #indent: number;

  constructor(cursor: Cursor, outer: number, indent: number) {
    this.#cursor = cursor;
    this.#outer = outer;
    this.#indent = indent;
  }

  scan(literal: boolean, chomping: Header['chomping']): string {
    const cursor = this.#cursor;
    let text = '';
    let lineBreak = '';
    let wasBlank = false;
    let emptyLines = this.#skipIndentation();
    while (cursor.column === this.#indent && cursor.peek() !== '') {
      const blank = isBlank(cursor.peek());
      const folds = !literal && !wasBlank && !blank && lineBreak === '\n';
      if (!folds) text += lineBreak;
      else if (emptyLines === '') text += ' ';
      text += emptyLines + cursor.takeWhile((char) => !isBreakOrEnd(char));
      wasBlank = blank;
      lineBreak = cursor.takeBreak();
      emptyLines = this.#skipIndentation();
    }
    if (chomping === '-') return text;
    return chomping === '+' ? text + lineBreak + emptyLines : text + lineBreak;
  }

  /** Takes empty lines, which it returns, and what the next line is indented by. */
  #skipIndentation(): string {
    const cursor = this.#cursor;
    let breaks = '';
    let widest = 0;
    for (;;) {
      const inside = () => this.#indent === 0 || cursor.column < this.#indent;
      while (inside() && cursor.peek() === ' ') cursor.skip();
      widest = Math.max(widest, cursor.column);
      if (inside() && cursor.peek() === '\t') throw cursor.error('found a tab character where an indentation space is expected');
      if (!isBreak(cursor.peek())) break;
      breaks += cursor.takeBreak();
    }
    if (this.#indent === 0) this.#indent = Math.max(widest, this.#outer + 1, 1);
    return breaks;
  }
}
