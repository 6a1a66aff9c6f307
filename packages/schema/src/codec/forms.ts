import { Buffer } from 'node:buffer';
import { canonicalQuantity, formatDuration, formatMicroTime, parseDuration, parseMicroTime, type Timestamp } from '@keelson/machinery';
import { formatJson } from '../json/format-json.js';
import { parseJson } from '../json/parse-json.js';
import { DecodeError } from '../kind.js';
import { jsonKind, numberText } from './json-kind.js';
import { putNull, putQuoted, putRaw } from './json-out.js';
import { timeSeconds, timeText, zeroTimeSeconds } from './time-text.js';
import type { ValueCodec } from './value-codec.js';
import {
  cursor,
  readInt32,
  readInt64,
  readLength,
  readString,
  readVarint,
  skipField,
  writeBytes,
  writeInteger,
  writeString,
} from './wire.js';

/** What every form shares: text and JSON follow from the value. Forms on hot paths have shorter ways. */
abstract class Form implements ValueCodec {
  abstract decode(b: Buffer, at: number, end: number): unknown;
  abstract encode(value: unknown, b: Buffer, at: number): number;
  abstract canonical(value: unknown): unknown;

  json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const text = Buffer.from(formatJson(this.decode(b, at, end)));
    return putRaw(text, 0, text.length, out, to);
  }

  members(): number {
    throw new Error('not an object');
  }
}

/** Unmarshalling of a form's own reader: errors name no field. */
function wrongKind(value: unknown, goType: string): DecodeError {
  const text = goType === 'int32' ? numberText(value) : '';
  return new DecodeError(`json: cannot unmarshal ${jsonKind(value)}${text} into Go value of type ${goType}`);
}

function rejected(error: unknown): DecodeError {
  return new DecodeError(error instanceof Error ? error.message : String(error), { cause: error });
}

/** Reads the fields of Timestamp. */
function readTimestamp(b: Buffer, at: number, end: number): Timestamp {
  let seconds = 0;
  let nanos = 0;
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    p = cursor.at;
    if (tag === 8) {
      seconds = Number(readInt64(b, p));
      p = cursor.at;
    } else if (tag === 16) {
      nanos = readInt32(b, p);
      p = cursor.at;
    } else {
      p = skipField(b, tag, p, end);
    }
  }
  return { seconds, nanos };
}

function writeTimestamp({ seconds, nanos }: Timestamp, b: Buffer, at: number): number {
  let p = writeInteger(b, at, nanos);
  b[--p] = 16;
  p = writeInteger(b, p, seconds);
  b[--p] = 8;
  return p;
}

class TimeForm extends Form {
  decode(b: Buffer, at: number, end: number): string | null {
    if (at === end) return null;
    const { seconds } = readTimestamp(b, at, end);
    return seconds === zeroTimeSeconds ? null : timeText(seconds);
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const text = this.decode(b, at, end);
    return text === null ? putNull(out, to) : putQuoted(out, to, text);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (typeof value !== 'string') return at;
    const seconds = timeSeconds(value);
    return seconds === zeroTimeSeconds ? at : writeTimestamp({ seconds, nanos: 0 }, b, at);
  }

  canonical(value: unknown): string | null {
    if (value === null) return null;
    if (typeof value !== 'string') throw wrongKind(value, 'string');
    try {
      const seconds = timeSeconds(value);
      return seconds === zeroTimeSeconds ? null : timeText(seconds);
    } catch (error) {
      throw rejected(error);
    }
  }
}

class MicroTimeForm extends Form {
  decode(b: Buffer, at: number, end: number): string | null {
    return at === end ? null : microText(readTimestamp(b, at, end));
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (typeof value !== 'string') return at;
    const time = parseMicroTime(value);
    return isZeroTime(time) ? at : writeTimestamp(time, b, at);
  }

  canonical(value: unknown): string | null {
    if (value === null) return null;
    if (typeof value !== 'string') throw wrongKind(value, 'string');
    try {
      return microText(parseMicroTime(value));
    } catch (error) {
      throw rejected(error);
    }
  }
}

function isZeroTime({ seconds, nanos }: Timestamp): boolean {
  return seconds === zeroTimeSeconds && nanos === 0;
}

function microText(time: Timestamp): string | null {
  return isZeroTime(time) ? null : formatMicroTime(time);
}

class DurationForm extends Form {
  decode(b: Buffer, at: number, end: number): string {
    let nanos = 0n;
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (tag === 8) {
        nanos = BigInt(readInt64(b, p));
        p = cursor.at;
      } else {
        p = skipField(b, tag, p, end);
      }
    }
    return formatDuration(nanos);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    const p = writeInteger(b, at, typeof value === 'string' ? parseDuration(value) : 0);
    b[p - 1] = 8;
    return p - 1;
  }

  canonical(value: unknown): string {
    if (value === null) return '0s';
    if (typeof value !== 'string') throw wrongKind(value, 'string');
    try {
      return formatDuration(parseDuration(value));
    } catch (error) {
      throw rejected(error);
    }
  }
}

/** The text of a message whose field 1 is all of it; '' when it is not there. */
function soleString(b: Buffer, at: number, end: number): string {
  let text = '';
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    p = cursor.at;
    if (tag === 10) {
      const from = readLength(b, p, end);
      p = cursor.at;
      text = readString(b, from, p);
    } else {
      p = skipField(b, tag, p, end);
    }
  }
  return text;
}

class QuantityForm extends Form {
  decode(b: Buffer, at: number, end: number): string {
    return this.canonical(soleString(b, at, end) || '0');
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    return putQuoted(out, to, this.decode(b, at, end));
  }

  encode(value: unknown, b: Buffer, at: number): number {
    const p = writeString(b, at, this.canonical(value ?? null));
    b[p - 1] = 10;
    return p - 1;
  }

  canonical(value: unknown): string {
    if (value === null) return '0';
    try {
      return canonicalQuantity(typeof value === 'string' ? value.trim() : formatJson(value));
    } catch (error) {
      throw rejected(error);
    }
  }
}

class IntOrStringForm extends Form {
  decode(b: Buffer, at: number, end: number): number | string {
    let type = 0;
    let int = 0;
    let text = '';
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      p = cursor.at;
      if (tag === 8) type = readInt32(b, p);
      else if (tag === 16) int = readInt32(b, p);
      else if (tag === 26) {
        const from = readLength(b, p, end);
        text = readString(b, from, cursor.at);
      } else cursor.at = skipField(b, tag, p, end);
      p = cursor.at;
    }
    return type === 0 ? int : text;
  }

  encode(value: unknown, b: Buffer, at: number): number {
    const isText = typeof value === 'string';
    let p = writeString(b, at, isText ? value : '');
    b[--p] = 26;
    p = writeInteger(b, p, typeof value === 'number' ? value : 0);
    b[--p] = 16;
    b[--p] = isText ? 1 : 0;
    b[--p] = 8;
    return p;
  }

  canonical(value: unknown): number | string {
    if (typeof value === 'string') return value;
    if (value === null) return 0;
    if (typeof value !== 'number' || (value | 0) !== value) throw wrongKind(value, 'int32');
    return value | 0;
  }
}

/** Start of the bytes in field 1, with `cursor.at` their end; -1 when there are none. */
function soleBytes(b: Buffer, at: number, end: number, wanted = 10): number {
  let from = -1;
  let to = at;
  for (let p = at; p < end; ) {
    const tag = readVarint(b, p);
    if (tag === wanted) {
      from = readLength(b, cursor.at, end);
      to = cursor.at;
      p = to;
    } else {
      p = skipField(b, tag, cursor.at, end);
    }
  }
  cursor.at = to;
  return to > from ? from : -1;
}

/** JSON kept as bytes: whatever it is, it is passed on. Empty bytes are null. */
class RawJsonForm extends Form {
  decode(b: Buffer, at: number, end: number): unknown {
    const from = soleBytes(b, at, end);
    return from < 0 ? null : parseJson(b.toString('utf8', from, cursor.at));
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const from = soleBytes(b, at, end);
    return from < 0 ? putNull(out, to) : putRaw(b, from, cursor.at, out, to);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (value === undefined || value === null) return at;
    const p = writeString(b, at, formatJson(value));
    b[p - 1] = 10;
    return p - 1;
  }

  canonical(value: unknown): unknown {
    return value;
  }
}

/** runtime.Unknown within an object: only the object it holds is looked at. */
class UnknownForm extends RawJsonForm {
  override decode(b: Buffer, at: number, end: number): unknown {
    const from = soleBytes(b, at, end, 18);
    return from < 0 ? null : parseJson(b.toString('utf8', from, cursor.at));
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const from = soleBytes(b, at, end, 18);
    return from < 0 ? putNull(out, to) : putRaw(b, from, cursor.at, out, to);
  }

  override encode(value: unknown, b: Buffer, at: number): number {
    let p = writeString(b, at, 'application/json');
    b[--p] = 34;
    b[--p] = 0;
    b[--p] = 26;
    if (value !== undefined && value !== null) {
      p = writeBytes(b, p, Buffer.from(formatJson(value)));
      b[--p] = 18;
    }
    b[--p] = 0;
    b[--p] = 10;
    return p;
  }
}

class StringListForm extends Form {
  decode(b: Buffer, at: number, end: number): string[] {
    const items: string[] = [];
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      if (tag === 10) {
        const from = readLength(b, cursor.at, end);
        p = cursor.at;
        items.push(readString(b, from, p));
      } else {
        p = skipField(b, tag, cursor.at, end);
      }
    }
    return items;
  }

  encode(value: unknown, b: Buffer, at: number): number {
    let p = at;
    if (!Array.isArray(value)) return p;
    for (let i = value.length - 1; i >= 0; i--) {
      p = writeString(b, p, (value[i] as string | null) ?? '');
      b[--p] = 10;
    }
    return p;
  }

  canonical(value: unknown): string[] {
    if (value === null) return [];
    if (!Array.isArray(value)) throw wrongKind(value, '[]string');
    return value.map((item) => {
      if (item === null) return '';
      if (typeof item !== 'string') throw wrongKind(item, 'string');
      return item;
    });
  }
}

/** `{"a": …}` written as a message that only has a map of messages like itself. */
class InlineMapForm extends Form {
  decode(b: Buffer, at: number, end: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (let p = at; p < end; ) {
      const tag = readVarint(b, p);
      if (tag === 10) {
        const from = readLength(b, cursor.at, end);
        p = cursor.at;
        entries.push(this.#decodeEntry(b, from, p));
      } else {
        p = skipField(b, tag, cursor.at, end);
      }
    }
    return Object.fromEntries(entries);
  }

  #decodeEntry(b: Buffer, at: number, end: number): [string, unknown] {
    const key = soleString(b, at, end);
    const from = soleBytes(b, at, end, 18);
    return [key, from < 0 ? {} : this.decode(b, from, cursor.at)];
  }

  encode(value: unknown, b: Buffer, at: number): number {
    let p = at;
    for (const [key, member] of Object.entries(value ?? {}).sort(([a], [c]) => (a < c ? 1 : -1))) {
      const entryEnd = p;
      p = this.encode(member, b, p);
      p = writeInteger(b, p, entryEnd - p);
      b[--p] = 18;
      p = writeString(b, p, key);
      b[--p] = 10;
      p = writeInteger(b, p, entryEnd - p);
      b[--p] = 10;
    }
    return p;
  }

  canonical(value: unknown): unknown {
    return value ?? {};
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const entries = Buffer.from(formatJson(this.decode(b, at, end)));
    return putRaw(entries, 0, entries.length, out, to);
  }
}

/** What a union holds when it does not hold a schema. */
type SchemaAlternative = 'bool' | 'schemas' | 'strings';

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

const stringList = new StringListForm();
const rawJson = new RawJsonForm();

/** The forms that stand alone. */
export const plainForms = {
  time: new TimeForm(),
  microTime: new MicroTimeForm(),
  duration: new DurationForm(),
  quantity: new QuantityForm(),
  intOrString: new IntOrStringForm(),
  rawExtension: rawJson,
  fieldsV1: rawJson,
  json: rawJson,
  unknown: new UnknownForm(),
  stringList,
  inlineMap: new InlineMapForm(),
} as const satisfies Readonly<Record<string, ValueCodec>>;

/** What the alternative to a schema is, by form. */
export const schemaUnions = {
  jsonSchemaPropsOrBool: 'bool',
  jsonSchemaPropsOrArray: 'schemas',
  jsonSchemaPropsOrStringArray: 'strings',
} as const satisfies Readonly<Record<string, SchemaAlternative>>;

/** JSON text of the zero value: what prints where a field that is always printed is not set. */
export const zeroJson: Readonly<Record<string, string>> = {
  time: 'null',
  microTime: 'null',
  duration: '"0s"',
  quantity: '"0"',
  intOrString: '0',
  rawExtension: 'null',
  fieldsV1: 'null',
  json: 'null',
  unknown: 'null',
  stringList: 'null',
  inlineMap: '{}',
  jsonSchemaPropsOrBool: 'false',
  jsonSchemaPropsOrArray: 'null',
  jsonSchemaPropsOrStringArray: 'null',
};
