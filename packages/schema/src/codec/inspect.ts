import type { Json } from '@keelson/machinery';
import { DecodeError, type StrictSink } from '../kind.js';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';
import { canonicalBase64 } from './base64.js';
import { goTypeOf, goTypeOfItem } from './go-type.js';
import { type Era, valueCodec } from './message-codec.js';
import { Mismatch } from './value-codec.js';
import { type TypePlace, WrongKind } from './wrong-kind.js';

/**
 * Looks through a JSON value for what its type does not allow, in the order of the text. Throws the error that
 * Kubernetes would report; unknown members go to `strict`. Slow beside the compiled readers, so it runs only after one
 * of them noticed something.
 */
export function inspect(table: MessageTable, era: Era, value: Json, strict?: StrictSink): void {
  const inspector = new Inspector(era, strict);
  inspector.message(table, value, '', undefined);
  if (inspector.firstError) throw inspector.firstError;
}

class Inspector {
  /** Decoding goes on after a value of the wrong kind and reports the first of them at the end. */
  firstError: DecodeError | undefined;
  readonly #era: Era;
  readonly #strict: StrictSink | undefined;

  constructor(era: Era, strict: StrictSink | undefined) {
    this.#era = era;
    this.#strict = strict;
  }

  message(table: MessageTable, value: Json, path: string, place: TypePlace | undefined): void {
    if (table.form === 'stringList') this.#strings(table, value, place);
    else if (table.form !== undefined) this.#form(table, value, place);
    else if (typeof value !== 'object' || Array.isArray(value)) this.#wrong(value, table.goType, place);
    else if (value !== null) this.#object(table, value, path, place);
  }

  #object(table: MessageTable, value: { [key: string]: Json }, path: string, place: TypePlace | undefined): void {
    const members = memberFields(table, this.#era);
    for (const [key, member] of Object.entries(value)) {
      const field = members.get(key);
      const memberPath = path === '' ? key : `${path}.${key}`;
      if (field) this.#member(field, member, memberPath, { struct: table.name, fields: [...(place?.fields ?? []), key] });
      else this.#strict?.add(`unknown field ${JSON.stringify(memberPath)}`);
    }
  }

  #member(field: MessageField, value: Json, path: string, place: TypePlace): void {
    // Null is the same as absent, whatever the type.
    if (value === null) return;
    if (field.cardinality === 'one') {
      this.#value(field, value, path, place);
    } else if (Array.isArray(value) !== (field.cardinality === 'list') || typeof value !== 'object') {
      this.#wrong(value, goTypeOf(field), place);
    } else if (Array.isArray(value)) {
      value.forEach((item, i) => {
        this.#value(field, item, `${path}[${i}]`, place);
      });
    } else {
      for (const [key, item] of Object.entries(value)) this.#value(field, item, `${path}.${key}`, place);
    }
  }

  /** A value, a list's item or a map's value. */
  #value(field: MessageField, value: Json, path: string, place: TypePlace): void {
    if (field.message !== undefined) this.message(messageTable(field.message), value, path, place);
    else if (value === null) return;
    else if (field.scalar === 'bytes' && (typeof value === 'string' || Array.isArray(value))) this.#bytes(value, place);
    else if (!fits(field.scalar ?? '', value)) this.#wrong(value, goTypeOfItem(field), place);
  }

  /** A list that is a message only on the wire. */
  #strings(table: MessageTable, value: Json, place: TypePlace | undefined): void {
    if (value !== null && !Array.isArray(value)) this.#wrong(value, table.goType, place);
    for (const item of Array.isArray(value) ? value : []) {
      if (item !== null && typeof item !== 'string') this.#wrong(item, 'string', place);
    }
  }

  /** Forms read themselves: their errors end decoding at once. What they found of the wrong kind is told of the field they are in. */
  #form(table: MessageTable, value: Json, place: TypePlace | undefined): void {
    try {
      if (table.form?.startsWith('jsonSchema') && typeof value === 'object' && value !== null) this.#schemaUnion(table, value);
      else valueCodec(table.fullName, this.#era).canonical(value);
    } catch (error) {
      if (error instanceof Mismatch) return;
      throw error instanceof WrongKind ? error.at(place) : error;
    }
  }

  #schemaUnion(table: MessageTable, value: Json[] | { [key: string]: Json }): void {
    const schema = messageTable(table.fields.find((field) => field.message !== undefined)?.message ?? '');
    const union = new Inspector(this.#era, undefined);
    if (!Array.isArray(value)) union.message(schema, value, '', undefined);
    else if (table.form === 'jsonSchemaPropsOrArray') for (const item of value) union.message(schema, item, '', undefined);
    else if (table.form === 'jsonSchemaPropsOrStringArray') union.#strings(table, value, undefined);
    if (union.firstError) throw union.firstError;
  }

  #bytes(value: Json, place: TypePlace): void {
    try {
      canonicalBase64(value);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.firstError ??= error instanceof WrongKind ? error.at(place) : error;
    }
  }

  #wrong(value: Json, goType: string, place: TypePlace | undefined): void {
    this.firstError ??= new WrongKind(value, goType, place);
  }
}

/** The fields of an object by JSON name, those of inlined messages and of TypeMeta included. */
function memberFields(table: MessageTable, era: Era): ReadonlyMap<string, MessageField> {
  const own = table.fields.filter((field) => era === 'gone' || !field.removed);
  const members = own.flatMap((field): [string, MessageField][] =>
    field.inline && field.message !== undefined ? [...memberFields(messageTable(field.message), era)] : [[field.name, field]],
  );
  const typeMeta = table.apiVersions.length > 0 ? typeMetaFields : [];
  return new Map([...typeMeta.map((field): [string, MessageField] => [field.name, field]), ...members]);
}

const textField: Omit<MessageField, 'name'> = {
  number: 0,
  cardinality: 'one',
  scalar: 'string',
  presence: 'omitEmpty',
  inline: false,
  required: false,
  removed: false,
  late: false,
  bareReference: false,
  listMapKeys: [],
  patchStrategy: [],
};
/** What every kind has beside the fields of its message, in order. */
export const typeMetaFields: readonly MessageField[] = ['kind', 'apiVersion'].map((name) => ({ ...textField, name }));

function fits(scalar: string, value: Json | bigint): boolean {
  switch (scalar) {
    case 'string':
    case 'bytes':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int32':
      return typeof value === 'number' && (value | 0) === value;
    case 'double':
    case 'float':
      return typeof value === 'number' || typeof value === 'bigint';
    default:
      if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
      return Number.isInteger(value) && Math.abs(value as number) < 2 ** 63;
  }
}
