import { Decimal } from './decimal.js';

const special = /[<>&\u2028\u2029]/;
const everySpecial = /[<>&\u2028\u2029]/g;
const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Escapes what Go's encoder escapes beyond JSON's needs. In JSON text these characters occur within strings only. */
export function escapeLikeGo(json: string): string {
  return special.test(json) ? json.replace(everySpecial, (char) => escapes[char] ?? char) : json;
}

/** A string as JSON text, quotes included, the way Kubernetes prints it. */
export function formatJsonString(text: string): string {
  return escapeLikeGo(JSON.stringify(text));
}

/** A JSON value as text, the way Kubernetes prints it. Integers that are no exact number are bigint in memory. */
export function formatJson(value: unknown): string {
  return escapeLikeGo(hasExactNumber(value) ? formatExact(value) : (JSON.stringify(value) ?? 'null'));
}

/** Whether JSON.stringify would refuse the value, or print a number in another way than it is written. */
function hasExactNumber(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasExactNumber);
  for (const key in value) if (hasExactNumber((value as Record<string, unknown>)[key])) return true;
  return value instanceof Decimal;
}

function formatExact(value: unknown): string {
  if (typeof value === 'bigint' || value instanceof Decimal) return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(formatExact).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${formatExact(member)}`).join(',')}}`;
}

/** The same over several lines, each level one space further in. Integers that are no exact number are rounded. */
export function formatIndentedJson(value: unknown): string {
  return escapeLikeGo(JSON.stringify(value, (_key, member) => (typeof member === 'bigint' ? Number(member) : member), 1) ?? 'null');
}
