import type { Buffer } from 'node:buffer';
import { DecodeError } from '../../kind.js';
import type { ValueCodec } from '../value-codec.js';
import { cursor, readLength, readString, readVarint, skipField, writeInteger, writeString } from '../wire.js';
import { stringList } from './collection-forms.js';
import { Form } from './form.js';

/** What a union holds when it does not hold a schema. */
export type SchemaAlternative = 'bool' | 'schemas' | 'strings';

/** JSONSchemaPropsOrBool, -OrArray and -OrStringArray: unions that JSON tells apart by the shape of the value. */
export class SchemaUnionForm extends Form {
  readonly #schema: ValueCodec;
  readonly #other: SchemaAlternative;

  constructor(schema: ValueCodec, other: SchemaAlternative) {
    super();
    this.#schema = schema;
    this.#other = other;
  }

  get #schemaTag(): number {
    return this.#other === 'bool' ? 18 : 10;
  }

  decode(b: Buffer, at: number, end: number): unknown {
    let schema: unknown;
    let allows = false;
    const items: unknown[] = [];
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (this.#other === 'bool' && tag === 8) {
        allows = readVarint(b, p) !== 0;
        p = cursor.at;
      } else if (tag === 10 || tag === 18) {
        const from = readLength(b, p, end);
        p = cursor.at;
        if (tag === this.#schemaTag) schema = this.#schema.decode(b, from, p);
        else items.push(this.#other === 'strings' ? readString(b, from, p) : this.#schema.decode(b, from, p));
      } else {
        p = skipField(b, tag, p, end);
      }
    }
    if (this.#other === 'bool') return schema ?? allows;
    return items.length > 0 ? items : (schema ?? null);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (Array.isArray(value)) return this.#encodeItems(value, b, at);
    const isSchema = typeof value === 'object' && value !== null;
    let p = at;
    if (isSchema) {
      p = this.#schema.encode(value, b, p);
      p = writeInteger(b, p, at - p);
      b[--p] = this.#schemaTag;
    }
    if (this.#other === 'bool') {
      b[--p] = isSchema || value === true ? 1 : 0;
      b[--p] = 8;
    }
    return p;
  }

  #encodeItems(items: readonly unknown[], b: Buffer, at: number): number {
    let p = at;
    for (let i = items.length - 1; i >= 0; i--) {
      const end = p;
      if (this.#other === 'strings') p = writeString(b, p, (items[i] as string | null) ?? '');
      else {
        p = this.#schema.encode(items[i], b, p);
        p = writeInteger(b, p, end - p);
      }
      b[--p] = 18;
    }
    return p;
  }

  canonical(value: unknown): unknown {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return this.#schema.canonical(value);
    if (this.#other === 'bool') {
      if (typeof value === 'boolean') return value;
      throw new DecodeError('boolean or JSON schema expected');
    }
    if (!Array.isArray(value) || value.length === 0) return null;
    return this.#other === 'strings' ? stringList.canonical(value) : value.map((item) => this.#schema.canonical(item ?? {}));
  }
}
