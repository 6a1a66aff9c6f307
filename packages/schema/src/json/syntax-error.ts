/** What the scanner expects next; the words are those of Kubernetes' messages. */
type Expectation = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrObjectEnd' | 'commaOrArrayEnd' | 'end';

const where: Readonly<Record<Expectation, string>> = {
  value: 'looking for beginning of value',
  valueOrEnd: 'looking for beginning of value',
  key: 'looking for beginning of object key string',
  keyOrEnd: 'looking for beginning of object key string',
  colon: 'after object key',
  commaOrObjectEnd: 'after object key:value pair',
  commaOrArrayEnd: 'after array element',
  end: 'after top-level value',
};

const unexpectedEnd = 'unexpected end of JSON input';

/**
 * The message that Kubernetes has for text which is not JSON: `invalid character 'k' looking for beginning of value`.
 * Only to be asked about text that JSON.parse refuses.
 */
export function jsonSyntaxError(json: string | Buffer): string {
  // Byte by byte: one that is no ASCII is told of by itself.
  const text = (typeof json === 'string' ? Buffer.from(json) : json).toString('latin1');
  const open: ('{' | '[')[] = [];
  let expected = 'value' as Expectation;
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const char = text[at] as string;
    const next = step(char, expected, open);
    if (next === undefined) return `invalid character ${quoteCharacter(char)} ${where[expected]}`;
    if (next !== 'scalar') {
      expected = next;
      at++;
      continue;
    }
    const scalar = scanScalar(text, at);
    if (scalar.fault !== undefined) return scalar.fault;
    at = scalar.end;
    expected = expected === 'key' || expected === 'keyOrEnd' ? 'colon' : afterValue(open);
  }
  return unexpectedEnd;
}

/** Takes one character that is no part of a scalar; undefined when it may not be here. */
function step(char: string, expected: Expectation, open: ('{' | '[')[]): Expectation | 'scalar' | undefined {
  const top = open.at(-1);
  const wantsValue = expected === 'value' || expected === 'valueOrEnd';
  if (char === '"') return wantsValue || expected === 'key' || expected === 'keyOrEnd' ? 'scalar' : undefined;
  if (wantsValue && (char === '{' || char === '[')) {
    open.push(char);
    return char === '{' ? 'keyOrEnd' : 'valueOrEnd';
  }
  if (char === ':' && expected === 'colon') return 'value';
  if (char === ',' && expected === 'commaOrObjectEnd') return 'key';
  if (char === ',' && expected === 'commaOrArrayEnd') return 'value';
  const closes =
    (char === '}' && top === '{' && (expected === 'keyOrEnd' || expected === 'commaOrObjectEnd')) ||
    (char === ']' && top === '[' && (expected === 'valueOrEnd' || expected === 'commaOrArrayEnd'));
  if (closes) {
    open.pop();
    return afterValue(open);
  }
  return wantsValue && /[-0-9tfn]/.test(char) ? 'scalar' : undefined;
}

function afterValue(open: readonly string[]): Expectation {
  const top = open.at(-1);
  return top === undefined ? 'end' : top === '{' ? 'commaOrObjectEnd' : 'commaOrArrayEnd';
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++;
  return at;
}

interface Scanned {
  readonly end: number;
  readonly fault?: string;
}

function scanScalar(text: string, at: number): Scanned {
  const char = text[at];
  if (char === '"') return scanString(text, at + 1);
  if (char === 't') return scanLiteral(text, at, 'true');
  if (char === 'f') return scanLiteral(text, at, 'false');
  if (char === 'n') return scanLiteral(text, at, 'null');
  return scanNumber(text, at);
}

function fault(text: string, at: number, context: string): Scanned {
  const char = text[at];
  return { end: at, fault: char === undefined ? unexpectedEnd : `invalid character ${quoteCharacter(char)} ${context}` };
}

function scanString(text: string, from: number): Scanned {
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') return { end: at + 1 };
    if (char < ' ') return fault(text, at, 'in string literal');
    if (char !== '\\') continue;
    at++;
    if (text[at] === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        at++;
        if (!/[0-9a-fA-F]/.test(text[at] ?? '')) return fault(text, at, 'in \\u hexadecimal character escape');
      }
    } else if (!'"\\/bfnrt'.includes(text[at] ?? ' ')) {
      return fault(text, at, 'in string escape code');
    }
  }
  return { end: text.length, fault: unexpectedEnd };
}

function scanLiteral(text: string, at: number, literal: string): Scanned {
  for (let i = 1; i < literal.length; i++) {
    if (text[at + i] !== literal[i]) return fault(text, at + i, `in literal ${literal} (expecting '${literal[i]}')`);
  }
  return { end: at + literal.length };
}

function scanNumber(text: string, from: number): Scanned {
  let at = from;
  if (text[at] === '-') at++;
  if (!isDigit(text[at])) return fault(text, at, 'in numeric literal');
  if (text[at] === '0') at++;
  else at = skipDigits(text, at);
  if (text[at] === '.') {
    at++;
    if (!isDigit(text[at])) return fault(text, at, 'after decimal point in numeric literal');
    at = skipDigits(text, at);
  }
  if (text[at] === 'e' || text[at] === 'E') {
    at++;
    if (text[at] === '+' || text[at] === '-') at++;
    if (!isDigit(text[at])) return fault(text, at, 'in exponent of numeric literal');
    at = skipDigits(text, at);
  }
  return { end: at };
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

function skipDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(text[at])) at++;
  return at;
}

/** A byte in single quotes. */
function quoteCharacter(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return `'"'`;
  const first = char.charCodeAt(0);
  if (first >= 0x80)
    return first >= 0xa1 && first !== 0xad ? `'${String.fromCharCode(first)}'` : `'\\u${first.toString(16).padStart(4, '0')}'`;
  if (first >= 0x20 && first !== 0x7f) return char === '\\' ? "'\\\\'" : `'${char}'`;
  const short: Readonly<Record<string, string>> = {
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\b': '\\b',
    '\f': '\\f',
    '\v': '\\v',
    '\x07': '\\a',
  };
  return `'${short[char] ?? `\\x${first.toString(16).padStart(2, '0')}`}'`;
}
