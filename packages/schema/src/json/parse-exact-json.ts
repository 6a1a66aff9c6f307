import { Decimal, type Json } from '@keelson/machinery';

const tokens = /[[\]{}:,]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/gy;
const space = /[ \t\r\n]*/y;
const number = /^-?\d/;
const longInteger = /^-?\d{16,}$/;
const integer = /^-?\d+$/;
const minInt64 = -(2n ** 63n);
const maxInt64 = 2n ** 63n - 1n;

/** What is to be kept of the text of numbers beside what a number holds. */
export interface ExactNumbers {
  /** Numbers that are written as no integer of 64 bits become `Decimal`; those that no number holds always do. */
  readonly decimals: boolean;
}

/**
 * Parses JSON text like JSON.parse, but integers that a number cannot hold exactly and int64 can become bigint.
 * Slower; for texts that have such numbers.
 */
export function parseExactJson(text: string, { decimals }: ExactNumbers = { decimals: false }): Json {
  // The grammar is checked here; below, tokens can be trusted.
  const parsed = JSON.parse(text) as Json;
  const exact = exactNumbers(text, decimals);
  return exact.size === 0 ? parsed : replaceNumbers(text, exact);
}

/** The values of numbers by their positions, where they are not what JSON.parse makes of them. */
function exactNumbers(text: string, decimals: boolean): ReadonlyMap<number, bigint | Decimal> {
  const found = new Map<number, bigint | Decimal>();
  for (let at = 0; at < text.length; ) {
    const token = nextToken(text, at);
    const exact = exactNumber(token.text, decimals);
    if (exact !== undefined) found.set(token.at, exact);
    at = token.at + token.text.length;
    if (token.text === '') break;
  }
  return found;
}

function exactNumber(token: string, decimals: boolean): bigint | Decimal | undefined {
  if (longInteger.test(token)) {
    if (Number.isSafeInteger(Number(token))) return undefined;
    const value = BigInt(token);
    if (value >= minInt64 && value <= maxInt64) return value;
  } else if (integer.test(token) || !number.test(token)) {
    return undefined;
  }
  return decimals || !Number.isFinite(Number(token)) ? new Decimal(token) : undefined;
}

function nextToken(text: string, from: number): { readonly text: string; readonly at: number } {
  space.lastIndex = from;
  space.test(text);
  const at = space.lastIndex;
  tokens.lastIndex = at;
  return { text: tokens.exec(text)?.[0] ?? '', at };
}

/** Marks the numbers as strings that no other string equals, parses, and turns the marks into their values. */
function replaceNumbers(text: string, numbers: ReadonlyMap<number, bigint | Decimal>): Json {
  let mark = '\u0000int64:';
  while (text.includes(JSON.stringify(mark).slice(1, -1))) mark += '\u0000';
  const escaped = JSON.stringify(mark).slice(1, -1);
  let marked = '';
  let copied = 0;
  for (const at of numbers.keys()) {
    marked += `${text.slice(copied, at)}"${escaped}${at}"`;
    copied = at + nextToken(text, at).text.length;
  }
  marked += text.slice(copied);
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? numbers.get(Number(value.slice(mark.length))) : value,
  ) as Json;
}
