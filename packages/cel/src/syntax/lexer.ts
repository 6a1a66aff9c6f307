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

type Report = (message: string, offset: number) => void;

/** Splits an expression into tokens, the last of kind End. What is no token is reported and skipped. */
export function tokenize(text: string, report: Report): Token[] {
  return new Lexer(text, report).tokens();
}

class Lexer {
  readonly #text: string;
  readonly #report: Report;
  readonly #tokens: Token[] = [];
  #at = 0;
  /** Space and comments before the next token. */
  #hidden = '';

  constructor(text: string, report: Report) {
    this.#text = text;
    this.#report = report;
  }

  tokens(): Token[] {
    for (;;) {
      const space = this.#match(SPACE_OR_COMMENT) ?? '';
      this.#hidden += space;
      this.#at += space.length;
      if (this.#at >= this.#text.length) break;
      if (!(this.#string() || this.#word())) this.#skip(firstImpossible(this.#text, this.#at));
    }
    this.#push(Kind.End, 0);
    return this.#tokens;
  }

  /** Whether a string begins here, and so was dealt with. */
  #string(): boolean {
    STRING_START.lastIndex = this.#at;
    const start = STRING_START.exec(this.#text);
    if (start === null) return false;
    const [prefix, bytes, raw, quote] = start as unknown as [string, string, string, string];
    const { end, closed } = stringEnd(this.#text, this.#at + prefix.length - 1, quote, raw !== '');
    if (closed) this.#push(bytes === '' ? Kind.String : Kind.Bytes, end - this.#at);
    // What looked like the prefix of a string is an identifier, and the quote is the next to be looked at.
    else if (prefix.length > 1) this.#push(Kind.Identifier, prefix.length - 1);
    else this.#skip(end);
    return true;
  }

  /** Whether any other token begins here, and so was taken. */
  #word(): boolean {
    return (
      this.#take(NUMBER, numberKind) ||
      this.#take(IDENTIFIER, (word) => KEYWORDS.get(word) ?? Kind.Identifier) ||
      this.#take(OPERATOR, (operator) => OPERATORS[operator] as Kind) ||
      this.#take(QUOTED_IDENTIFIER, () => Kind.QuotedIdentifier)
    );
  }

  #take(pattern: RegExp, kindOf: (text: string) => Kind): boolean {
    const text = this.#match(pattern);
    if (text !== undefined) this.#push(kindOf(text), text.length);
    return text !== undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #push(kind: Kind, length: number): void {
    this.#tokens.push({ kind, text: this.#text.slice(this.#at, this.#at + length), at: this.#at, hidden: this.#hidden });
    this.#hidden = '';
    this.#at += length;
  }

  /** Reports everything up to and with the character at `failed`, at which no token was possible any more. */
  #skip(failed: number): void {
    const width = failed < this.#text.length && (this.#text.codePointAt(failed) as number) > 0xffff ? 2 : 1;
    this.#report(`token recognition error at: '${this.#text.slice(this.#at, failed + width)}'`, this.#at);
    this.#at = failed + width;
  }
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
