import { formatJson, type Json, type JsonObject, quote } from '@keelson/machinery';

/**
 * One step of a field path, in the text form of FieldsV1 (KEP-555):
 * `f:replicas` a field or map key, `k:{"name":"web"}` the item of a list with these keys, `v:"a"` the member of a set,
 * `i:0` a position.
 */
export type PathElement = string;

/** Marks, in a set, that the path itself is a member and not only paths below it. */
export const selfElement = '.';

const ranks: Readonly<Record<string, number>> = { [selfElement]: 0, f: 1, k: 2, v: 3, i: 4 };

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** `keys` must be in ascending order of name. */
export function keyElement(keys: readonly (readonly [name: string, value: Json])[]): PathElement {
  let text = '';
  for (const [name, value] of keys) text += `${text === '' ? '' : ','}${formatJson(name)}:${formatJson(value)}`;
  return `k:{${text}}`;
}

export function valueElement(value: Json): PathElement {
  return `v:${formatJson(value)}`;
}

/**
 * The canonical form of an element read from a client; undefined for a type not known here, which readers must skip.
 * Throws on text that no writer produces.
 */
export function canonicalElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new SyntaxError('key must be 2 characters long:');
  if (text[1] !== ':') throw new SyntaxError(`missing colon: ${text}`);
  switch (text[0]) {
    case 'f':
      return text;
    case 'v':
      return valueElement(JSON.parse(text.slice(2)));
    case 'k':
      return keyElement(sortedKeys(text));
    case 'i':
      if (!/^[+-]?\d+$/.test(text.slice(2))) throw new SyntaxError(`invalid index: ${text}`);
      return `i:${Number(text.slice(2))}`;
    default:
      return undefined;
  }
}

/** The order of FieldsV1: fields, keys, values, positions, each ascending. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  const type = a[0] as string;
  if (type !== b[0]) return (ranks[type] ?? 5) - (ranks[b[0] as string] ?? 5);
  if (type === 'f' || isPlainlyOrdered(a, b)) return a < b ? -1 : 1;
  if (type === 'k') return compareKeys(sortedKeys(a), sortedKeys(b));
  return compareValues(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
}

/** An element as messages show it: `.replicas`, `[name="web"]`, `[="a"]`, `[0]`. */
export function formatElement(element: PathElement): string {
  const text = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${text}`;
    case 'k':
      return `[${sortedKeys(element)
        .map(([name, value]) => `${name}=${formatValue(value)}`)
        .join(',')}]`;
    case 'v':
      return `[=${formatValue(JSON.parse(text))}]`;
    default:
      return `[${text}]`;
  }
}

export function formatPath(path: readonly PathElement[]): string {
  return path.map(formatElement).join('');
}

/** Sorted by name, so that one item has one element. */
function sortedKeys(element: PathElement): [string, Json][] {
  const keys: unknown = JSON.parse(element.slice(2));
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) throw new SyntaxError(`invalid keys: ${element}`);
  return Object.entries(keys as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * True when comparing the texts gives the order of the values: they differ inside a string, and hold nothing that
 * sorts before the closing quote or is escaped. Saves parsing nearly always.
 */
function isPlainlyOrdered(a: PathElement, b: PathElement): boolean {
  let quotes = 0;
  let at = 2;
  for (const end = Math.min(a.length, b.length); at < end; at++) {
    const code = a.charCodeAt(at);
    if (code !== b.charCodeAt(at)) break;
    if (code === 0x22) quotes++;
    else if (code === 0x5c) return false;
  }
  if (quotes % 2 === 0) return false;
  return isPlain(a.charCodeAt(at)) && isPlain(b.charCodeAt(at));
}

function isPlain(code: number): boolean {
  return code >= 0x22 && code !== 0x5c && code < 0x7f;
}

function compareKeys(a: readonly [string, Json][], b: readonly [string, Json][]): number {
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i];
    if (!other) return 1;
    if (name !== other[0]) return name < other[0] ? -1 : 1;
    const order = compareValues(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers before strings before booleans; other values do not identify items. */
function compareValues(a: Json, b: Json): number {
  if (typeof a !== typeof b) return typeRank(a) - typeRank(b);
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}

function typeRank(value: Json): number {
  return ['number', 'string', 'boolean'].indexOf(typeof value) >>> 0;
}

function formatValue(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(formatValue).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, member]) => `${name}=${formatValue(member as Json)}`)
    .join('');
}
