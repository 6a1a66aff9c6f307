import { Issues } from '../source/issues.js';
import { codePoints, Source } from '../source/source.js';
import type { Expression } from './expression.js';
import { ExpressionParser } from './expression-parser.js';
import { tokenize } from './lexer.js';
import type { ParserOptions } from './node-builder.js';
import { ParsingStopped } from './recognizer.js';

/** Code points of the longest expression. */
const MAX_SIZE = 100_000;
export interface ParsedExpression {
  readonly source: Source;
  /** Broken where there are issues. */
  readonly root: Expression;
  readonly issues: Issues;
}

/** Parses an expression and expands its macros. */
export function parse(text: string, options: ParserOptions): ParsedExpression {
  const source = new Source(text);
  const issues = new Issues(source);
  const size = codePoints(text);
  if (size > MAX_SIZE) {
    issues.report(`expression code point size exceeds limit: size: ${size}, limit ${MAX_SIZE}`);
    return { source, root: { kind: 'broken', at: 0 }, issues };
  }
  // Errors of meaning come after errors of syntax at the same place.
  const later: [string, number][] = [];
  const parser = new ExpressionParser(
    tokenize(text, (message, at) => issues.report(`Syntax error: ${message}`, at)),
    (message, at) => issues.report(`Syntax error: ${message}`, at),
    options,
    (message, at) => later.push([message, at]),
  );
  let root: Expression = { kind: 'broken', at: 0 };
  try {
    root = parser.parse();
  } catch (error) {
    if (!(error instanceof ParsingStopped)) throw error;
    if (error.message !== undefined) issues.report(error.message);
  }
  for (const [message, at] of later) issues.report(message, at);
  return { source, root, issues };
}
