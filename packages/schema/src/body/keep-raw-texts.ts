import type { Buffer } from 'node:buffer';
import { type Json, type JsonObject, keepRawText } from '@keelson/machinery';
import type { FieldSchema, TypeSchema } from '../schema.js';

const holders = new Map<TypeSchema, boolean>();

/** Whether objects of the type hold parts that are passed on as they came. */
function holdsRawText(type: TypeSchema): boolean {
  const known = holders.get(type);
  if (known !== undefined) return known;
  // What contains itself holds some if the rest of it does.
  holders.set(type, false);
  const holds =
    type.special === 'rawExtension' || [...type.fields.values()].some(({ message }) => message !== undefined && holdsRawText(message));
  holders.set(type, holds);
  return holds;
}

/** Remembers the text of those parts of a body that are passed on as they came. `value` is what the body says. */
export function keepRawTexts(type: TypeSchema, value: Json, body: Buffer): void {
  if (holdsRawText(type)) new RawTextReader(body.toString()).message(type, value);
}

/**
 * The value without such texts, as a copy, where it may have any. Patches of the `strategic` kind put keys in order
 * besides, since Kubernetes makes them on maps.
 */
export function withoutRawTexts(type: TypeSchema, value: JsonObject, patchKind: string): JsonObject {
  if (!holdsRawText(type)) return value;
  return copyOf(value, patchKind === 'strategic') as JsonObject;
}

function copyOf(value: Json, sorted: boolean): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item, sorted));
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [key, copyOf(item, sorted)]);
  return Object.fromEntries(sorted ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries);
}

const space = /\s*/y;
const stringToken = /"(?:[^"\\]|\\.)*"/y;
const scalar = /[^\s,\]}]+/y;

/** Goes through JSON text, known to be valid, together with the value it stands for. */
class RawTextReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  message(type: TypeSchema, value: Json | undefined): void {
    this.#take(space);
    const from = this.#at;
    if (type.special === 'rawExtension') {
      this.#skip();
      keepRawText(value, this.#text.slice(from, this.#at));
    } else if (holdsRawText(type) && this.#text[from] === '{') {
      this.#members((key) => this.#field(type.fields.get(key), (value as JsonObject | undefined)?.[key]));
    } else this.#skip();
  }

  #field(field: FieldSchema | undefined, value: Json | undefined): void {
    const type = field?.message;
    if (type === undefined || !holdsRawText(type)) this.#skip();
    else if (field?.cardinality === 'one') this.message(type, value);
    else if (Array.isArray(value)) this.#items((i) => this.message(type, value[i]));
    else if (this.#text[this.#at] === '{') this.#members((key) => this.message(type, (value as JsonObject)[key]));
    else this.#skip();
  }

  #members(each: (key: string) => void): void {
    this.#list('}', () => {
      const key = JSON.parse(this.#take(stringToken)) as string;
      this.#take(space);
      this.#at++;
      this.#take(space);
      each(key);
    });
  }

  #items(each: (index: number) => void): void {
    let index = 0;
    this.#list(']', () => each(index++));
  }

  /** What stands between an opening bracket and its closing one. */
  #list(closing: string, each: () => void): void {
    this.#at++;
    this.#take(space);
    while (this.#text[this.#at] !== closing) {
      each();
      this.#take(space);
      if (this.#text[this.#at] === ',') this.#at++;
      this.#take(space);
    }
    this.#at++;
  }

  #skip(): void {
    this.#take(space);
    const first = this.#text[this.#at];
    if (first === '{') this.#members(() => this.#skip());
    else if (first === '[') this.#items(() => this.#skip());
    else this.#take(first === '"' ? stringToken : scalar);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}
