import { isBlank, isBlankOrEnd, isBreak } from './characters.js';
import type { Cursor } from './cursor.js';
import { LineFolding } from './line-folding.js';
import type { Token } from './token.js';

export interface PlainScalar {
  readonly token: Token;
  /** Whether it ended with a line. */
  readonly endsLine: boolean;
}

/** A scalar without quotes; `indent` is that of what is around it. */
export function scanPlainScalar(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  const { line } = cursor;
  const folding = new LineFolding();
  const checkTab = () => {
    if (cursor.column <= indent) throw cursor.error('found a tab character that violates indentation');
  };
  let text = '';
  while (!cursor.isDocumentIndicator('---') && !cursor.isDocumentIndicator('...') && cursor.peek() !== '#') {
    if (!endsPlain(cursor, inFlow)) text += folding.folded();
    while (!endsPlain(cursor, inFlow)) text += cursor.take();
    if (!isBlank(cursor.peek()) && !isBreak(cursor.peek())) break;
    folding.take(cursor, checkTab);
    if (!inFlow && cursor.column <= indent) break;
  }
  return { token: { type: 'scalar', line, value: text, plain: true }, endsLine: folding.broken };
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const char = cursor.peek();
  if (isBlankOrEnd(char)) return true;
  if (char === ':') return isBlankOrEnd(cursor.peek(1));
  return inFlow && ',?[]{}'.includes(char);
}
