import type { Json } from '@keelson/machinery';

const tokens = /[[\]{}:,]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/gy;
const space = /[ \t\r\n]*/y;
const integer = /^-?\d{16,}$/;
const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;

/**
 * Parses JSON text like JSON.parse, but integers that a number cannot hold exactly and int64 can become bigint.
 * Slower; for texts that have such numbers.
 */
export function parseExactJson(text: string): Json {
  // The grammar is checked here; below, tokens can be trusted.
  const parsed = JSON.parse(text) as Json;
  const big = bigIntegers(text);
  return big.size === 0 ? parsed : replaceNumbers(text, big);
}

/** Positions of the integers that lose digits as numbers. */
function bigIntegers(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = 0; at < text.length; ) {
    const token = nextToken(text, at);
    if (isBig(token.text)) found.add(token.at);
    at = token.at + token.text.length;
    if (token.text === '') break;
  }
  return found;
}

function isBig(token: string): boolean {
  if (!integer.test(token) || Number.isSafeInteger(Number(token))) return false;
  const value = BigInt(token);
  return value >= minInt64 && value <= maxInt64;
}

function nextToken(text: string, from: number): { readonly text: string; readonly at: number } {
  space.lastIndex = from;
  space.test(text);
  const at = space.lastIndex;
  tokens.lastIndex = at;
  return { text: tokens.exec(text)?.[0] ?? '', at };
}

/** Marks big integers as strings that no other string equals, parses, and turns the marks into bigints. */
function replaceNumbers(text: string, positions: ReadonlySet<number>): Json {
  let mark = '\u0000int64:';
  while (text.includes(JSON.stringify(mark).slice(1, -1))) mark += '\u0000';
  const escaped = JSON.stringify(mark).slice(1, -1);
  let marked = '';
  let copied = 0;
  for (const at of positions) {
    const { text: digits } = nextToken(text, at);
    marked += `${text.slice(copied, at)}"${escaped}${digits}"`;
    copied = at + digits.length;
  }
  marked += text.slice(copied);
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  ) as Json;
}
