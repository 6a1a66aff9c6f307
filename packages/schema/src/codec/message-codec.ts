import type { Buffer } from 'node:buffer';
import { type MessageTable, messageTable } from '../table/message-table.js';
import { compileCanonical } from './compile-canonical.js';
import { compileDecode } from './compile-decode.js';
import { compileEncode } from './compile-encode.js';
import { compileJson } from './compile-json.js';
import { SchemaUnionForm } from './forms/schema-union-form.js';
import { plainForms, schemaUnions } from './forms.js';
import { layoutOf, type MessageLayout } from './layout.js';
import type { ValueCodec } from './value-codec.js';

/**
 * `current` knows the fields of v1.34. `gone` is for kinds that v1.34 no longer has: it also knows the fields that are
 * gone, and leaves out the younger ones where they are not set, as the releases of these kinds did.
 */
export type Era = 'current' | 'gone';

const codecs: Record<Era, Map<string, ValueCodec>> = { current: new Map(), gone: new Map() };

/** The codec of a message by its full name. Nothing is compiled before its first use. */
export function valueCodec(fullName: string, era: Era): ValueCodec {
  const known = codecs[era].get(fullName);
  if (known) return known;
  const codec = newCodec(messageTable(fullName), era);
  codecs[era].set(fullName, codec);
  return codec;
}

function newCodec(table: MessageTable, era: Era): ValueCodec {
  const { form } = table;
  if (form === undefined) return new MessageCodec(table, era);
  if (form in schemaUnions) {
    const schema = table.fields.find((field) => field.name === 'schema' || field.number === 1)?.message ?? schemaOf(table);
    return new SchemaUnionForm(valueCodec(schema, era), schemaUnions[form as keyof typeof schemaUnions]);
  }
  return plainForms[form as keyof typeof plainForms];
}

function schemaOf(table: MessageTable): string {
  return `${table.fullName.slice(0, table.fullName.lastIndexOf('.'))}.JSONSchemaProps`;
}

/** Functions of an ordinary message. Each begins as one that compiles its successor and steps aside. */
class MessageCodec implements ValueCodec {
  decode: ValueCodec['decode'];
  encode: ValueCodec['encode'];
  members: ValueCodec['members'];
  canonical: ValueCodec['canonical'];
  #layout: MessageLayout | undefined;

  constructor(table: MessageTable, era: Era) {
    const layout = () => {
      this.#layout ??= layoutOf(table, era);
      return this.#layout;
    };
    this.decode = (b, at, end, into) => {
      this.decode = compileDecode(layout());
      return this.decode(b, at, end, into);
    };
    this.encode = (value, b, at) => {
      this.encode = compileEncode(layout());
      return this.encode(value, b, at);
    };
    this.members = (b, at, end, out, to) => {
      this.members = compileJson(layout());
      return this.members(b, at, end, out, to);
    };
    this.canonical = (value, into) => {
      this.canonical = compileCanonical(layout());
      return this.canonical(value, into);
    };
  }

  json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const q = this.members(b, at, end, out, to);
    if (q === to) {
      out[to] = 0x7b;
      out[to + 1] = 0x7d;
      return to + 2;
    }
    // The comma before the first member makes room for the brace.
    out[to] = 0x7b;
    out[q] = 0x7d;
    return q + 1;
  }
}
