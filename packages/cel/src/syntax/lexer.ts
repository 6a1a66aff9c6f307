import { Kind, type Token } from './tokens.js';

const SPACE_OR_COMMENT = /(?:[\t \r\n\f]+|\/\/[^\n]*)+/y;
const NUMBER = /0x[0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?|\.\d+(?:[eE][+-]?\d+)?/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const STRING_START = /([bB]?)([rR]?)(["'])/y;
const OPERATOR = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y;
const ESCAPE = /\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/y;
const QUOTED_IDENTIFIER = /`[A-Za-z0-9_./\- ]+`/y;

const OPERATORS: Readonly<Record<string, Kind>> = {
  '==': Kind.Equals,
  '!=': Kind.NotEquals,
  '<': Kind.Less,
  '<=': Kind.LessEquals,
  '>=': Kind.GreaterEquals,
  '>': Kind.Greater,
  '&&': Kind.And,
  '||': Kind.Or,
  '[': Kind.OpenBracket,
  ']': Kind.CloseBracket,
  '{': Kind.OpenBrace,
  '}': Kind.CloseBrace,
  '(': Kind.OpenParen,
  ')': Kind.CloseParen,
  '.': Kind.Dot,
  ',': Kind.Comma,
  '-': Kind.Minus,
  '!': Kind.Not,
  '?': Kind.Question,
  ':': Kind.Colon,
  '+': Kind.Plus,
  '*': Kind.Star,
  '/': Kind.Slash,
  '%': Kind.Percent,
};

const KEYWORDS: ReadonlyMap<string, Kind> = new Map([
  ['in', Kind.In],
  ['true', Kind.True],
  ['false', Kind.False],
  ['null', Kind.Null],
]);

/** Where a string that begins at some offset ends; or, when it is not one, the first character that cannot be. */
interface StringEnd {
  readonly end: number;
  readonly closed: boolean;
}

/** Splits an expression into tokens, the last of kind End. What is no token is reported and skipped. */
export function tokenize(text: string, report: (message: string, offset: number) => void): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let hidden = '';
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: Kind, length: number) => {
    tokens.push({ kind, text: text.slice(at, at + length), at, hidden });
    hidden = '';
    at += length;
  };
  /** Reports everything up to and with the character at `failed`, at which no token was possible any more. */
  const skip = (failed: number) => {
    const width = failed < text.length && (text.codePointAt(failed) as number) > 0xffff ? 2 : 1;
    report(`token recognition error at: '${text.slice(at, failed + width)}'`, at);
    at = failed + width;
  };

  for (;;) {
    const space = match(SPACE_OR_COMMENT) ?? '';
    hidden += space;
    at += space.length;
    if (at >= text.length) break;
    STRING_START.lastIndex = at;
    const string = STRING_START.exec(text);
    if (string !== null) {
      const [prefix, bytes, raw, quote] = string as unknown as [string, string, string, string];
      const { end, closed } = stringEnd(text, at + prefix.length - 1, quote, raw !== '');
      if (closed) push(bytes === '' ? Kind.String : Kind.Bytes, end - at);
      // What looked like the prefix of a string is an identifier, and the quote is the next to be looked at.
      else if (prefix.length > 1) push(Kind.Identifier, prefix.length - 1);
      else skip(end);
      continue;
    }
    const number = match(NUMBER);
    if (number !== undefined) {
      push(numberKind(number), number.length);
      continue;
    }
    const identifier = match(IDENTIFIER);
    if (identifier !== undefined) {
      push(KEYWORDS.get(identifier) ?? Kind.Identifier, identifier.length);
      continue;
    }
    const operator = match(OPERATOR);
    if (operator !== undefined) {
      push(OPERATORS[operator] as Kind, operator.length);
      continue;
    }
    const quoted = match(QUOTED_IDENTIFIER);
    if (quoted !== undefined) push(Kind.QuotedIdentifier, quoted.length);
    else skip(firstImpossible(text, at));
  }
  push(Kind.End, 0);
  return tokens;
}

function numberKind(text: string): Kind {
  if (/[uU]$/.test(text)) return Kind.Uint;
  return text.startsWith('0x') || /^\d+$/.test(text) ? Kind.Int : Kind.Float;
}

/** Strings end where the quote comes again; three quotes begin a string that may span lines. */
function stringEnd(text: string, open: number, quote: string, raw: boolean): StringEnd {
  const triple = quote.repeat(3);
  if (text.startsWith(triple, open)) {
    const long = scanString(text, open + 3, triple, raw);
    // Without an end it is the empty string before a quote.
    return long.closed ? long : { end: open + 2, closed: true };
  }
  return scanString(text, open + 1, quote, raw);
}

function scanString(text: string, from: number, close: string, raw: boolean): StringEnd {
  const multiline = close.length === 3;
  let at = from;
  while (at < text.length) {
    if (text.startsWith(close, at)) return { end: at + close.length, closed: true };
    const character = text[at] as string;
    if (!multiline && (character === '\n' || character === '\r')) return { end: at, closed: false };
    if (character === '\\' && !raw) {
      const end = escapeEnd(text, at);
      if (!end.closed) return end;
      at = end.end;
    } else at++;
  }
  return { end: text.length, closed: false };
}

function escapeEnd(text: string, at: number): StringEnd {
  ESCAPE.lastIndex = at;
  const whole = ESCAPE.exec(text)?.[0];
  if (whole !== undefined) return { end: at + whole.length, closed: true };
  const kind = text[at + 1] ?? '';
  const allowed = /[xXuU]/.test(kind) ? /[0-9a-fA-F]/ : /[0-3]/.test(kind) ? /[0-7]/ : undefined;
  let end = at + 1;
  if (allowed !== undefined) {
    end++;
    while (end < text.length && allowed.test(text[end] as string)) end++;
  }
  return { end, closed: false };
}

/** Of a text that begins no token: the first character that no token could have there. */
function firstImpossible(text: string, at: number): number {
  const first = text[at] as string;
  if (first === '&' || first === '|' || first === '=') return at + 1;
  if (first !== '`') return at;
  let end = at + 1;
  while (end < text.length && /[A-Za-z0-9_./\- ]/.test(text[end] as string)) end++;
  return end;
}
