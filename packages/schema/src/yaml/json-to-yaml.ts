import { formatGoFloat, type Json, type JsonObject } from '@keelson/machinery';
import { parseJson } from '../json/parse-json.js';
import { isBreak } from './characters.js';
import { isReadAlike } from './json-as-yaml.js';
import { compareKeys } from './key-order.js';
import { isSimpleKey, type ScalarStyle, scalarStyle } from './scalar-style.js';
import { YamlText } from './yaml-text.js';
import { yamlToJson } from './yaml-to-json.js';

/**
 * JSON text as YAML with its keys in order, written as Kubernetes writes it. `part`: of a document that goes on.
 * Kubernetes reads the JSON as YAML for it. Throws `DecodeError` for text that is none.
 */
export function jsonToYaml(json: string, part = false): string {
  const writer = new YamlWriter();
  writer.document(isReadAlike(json) ? parseJson(json) : yamlToJson(json).value, part);
  return writer.text;
}

const indentWidth = 2;
/** Lines that are longer end at the next space. */
const lineWidth = 80;

/** What a value is part of; -1 is the indent of what is around a document. */
type Context = 'document' | 'item' | 'member';

class YamlWriter {
  readonly #out = new YamlText();

  get text(): string {
    return this.#out.text;
  }

  document(value: Json, part: boolean): void {
    this.#value(value, -1, 'document');
    this.#out.indentTo(0);
    if (!part && this.#out.openEnded) this.#out.write('...\n');
  }

  #value(value: Json, indent: number, context: Context): void {
    if (Array.isArray(value)) this.#list(value, indent, context);
    else if (typeof value === 'object' && value !== null) this.#map(value, indent);
    else if (typeof value === 'string') this.#scalar(value, scalarStyle(value, false), indent, true);
    else this.#out.apart(typeof value === 'number' ? numberText(value) : String(value));
  }

  #list(items: readonly Json[], indent: number, context: Context): void {
    if (items.length === 0) this.#empty('[', ']');
    // A list is no further in than the key it belongs to.
    const inner = context === 'member' && !this.#out.atIndent ? indent : innerIndent(indent);
    for (const item of items) {
      this.#out.indentTo(inner);
      this.#out.indicator('-', { begins: true });
      this.#value(item, inner, 'item');
    }
  }

  #map(object: JsonObject, indent: number): void {
    const keys = Object.keys(object).sort(compareKeys);
    if (keys.length === 0) this.#empty('{', '}');
    const inner = innerIndent(indent);
    for (const key of keys) {
      this.#out.indentTo(inner);
      this.#key(key, inner);
      this.#value(object[key] as Json, inner, 'member');
    }
  }

  #key(key: string, indent: number): void {
    if (isSimpleKey(key)) {
      this.#scalar(key, scalarStyle(key, true), indent, false);
      this.#out.indicator(':');
      return;
    }
    this.#out.indicator('?', { begins: true });
    this.#scalar(key, scalarStyle(key, false), indent, true);
    this.#out.indentTo(indent);
    this.#out.indicator(':', { begins: true });
  }

  #empty(opening: string, closing: string): void {
    this.#out.indicator(opening, { apart: true });
    this.#out.indicator(closing);
  }

  #scalar(value: string, style: ScalarStyle, indent: number, folds: boolean): void {
    const inner = indent < 0 ? indentWidth : indent + indentWidth;
    if (style === 'literal') this.#literal(value, inner);
    else this.#flowScalar(value, style, inner, folds);
  }

  #flowScalar(value: string, style: ScalarStyle, inner: number, folds: boolean): void {
    const quote = style === 'plain' ? '' : style === 'single' ? "'" : '"';
    this.#out.apart(quote);
    if (style === 'double') this.#words(escaped(value), inner, folds, true);
    else if (style === 'single') this.#lines(value.replaceAll("'", "''"), inner, (line) => this.#words(line, inner, folds, false));
    else this.#words(value, inner, folds, false);
    this.#out.write(quote);
  }

  /** Text on one line, or on several where it folds. Escaped, more than one space may stand where a line ends. */
  #words(text: string, indent: number, folds: boolean, escapes: boolean): void {
    if (!folds || this.#out.column + text.length <= lineWidth) this.#out.write(text);
    else this.#foldedWords(text, indent, escapes);
  }

  #foldedWords(text: string, indent: number, escapes: boolean): void {
    for (const { 0: run, index } of text.matchAll(/ +|[^ ]+/g)) {
      const foldable = run[0] === ' ' && index > 0 && index < text.length - 1 && (escapes || run.length === 1);
      if (!foldable || this.#out.column <= lineWidth) this.#out.write(run);
      else {
        this.#out.indentTo(indent);
        this.#out.write(run.length > 1 ? `\\${run.slice(1)}` : '');
      }
    }
  }

  #literal(value: string, indent: number): void {
    const begins = value.startsWith(' ') || isBreak(value[0] ?? '') ? String(indentWidth) : '';
    const { hint, open } = chomping(value);
    this.#out.indicator(`|${begins}${hint}`, { apart: true });
    this.#out.breakLine();
    this.#lines(value, indent, (line) => this.#out.write(line), false);
    this.#out.openEnded = open;
  }

  /** Text of several lines, each behind its indent. */
  #lines(value: string, indent: number, write: (line: string) => void, begun = true): void {
    let inLine = begun;
    for (const part of value.split(/([\n\r\u0085\u2028\u2029])/)) {
      if (part === '') continue;
      if (isBreak(part)) {
        this.#out.breakLine(part);
        inLine = false;
        continue;
      }
      if (!inLine) this.#out.indentTo(indent);
      write(part);
      inLine = true;
    }
  }
}

function innerIndent(indent: number): number {
  return indent < 0 ? 0 : indent + indentWidth;
}

/** What is told of the end of a block: that it has no line break, or that it has several, which leaves the document open. */
function chomping(value: string): { readonly hint: string; readonly open: boolean } {
  if (!isBreak(value.at(-1) ?? '')) return { hint: '-', open: false };
  const keeps = value.length === 1 || isBreak(value.at(-2) ?? '');
  return { hint: keeps ? '+' : '', open: keeps };
}

const maxUint64 = 2n ** 64n;
const minInt64 = -(2n ** 63n);

/** Integers of 64 bits, with a sign or without, are written as such. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) {
    const text = String(value);
    const whole = BigInt(text);
    if (whole < maxUint64 && whole >= minInt64) return text;
  }
  return formatGoFloat(value);
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u00a0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped.
const escapable = /["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff][\udc00-\udfff]/g;

function escaped(value: string): string {
  // With a byte order mark at its head, all of it is taken for such marks.
  if (value.startsWith('\ufeff')) return [...value].map((char) => `\\${escapes[char] ?? codeText(char.codePointAt(0) ?? 0)}`).join('');
  return value.replace(escapable, (char) => `\\${escapes[char] ?? codeText(char.codePointAt(0) ?? 0)}`);
}

function codeText(code: number): string {
  const [letter, digits] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return (
    letter +
    code
      .toString(16)
      .toUpperCase()
      .padStart(digits as number, '0')
  );
}
