import { Buffer } from 'node:buffer';
import { formatJson, keepRawText, rawTextOf } from '@keelson/machinery';
import { compactJson } from '../../json/compact-json.js';
import { parseJson } from '../../json/parse-json.js';
import { putNull, putRaw, putText } from '../json-out.js';
import { cursor, writeBytes, writeString } from '../wire.js';
import { Form } from './form.js';
import { soleBytes } from './sole-field.js';

/** JSON kept as bytes: whatever it is, it is passed on. Empty bytes are null. */
export class RawJsonForm extends Form {
  /** Tag of the field that holds the JSON. */
  protected readonly tag: number = 10;

  decode(b: Buffer, at: number, end: number): unknown {
    const from = soleBytes(b, at, end, this.tag);
    return from < 0 ? null : parseJson(b.toString('utf8', from, cursor.at));
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const from = soleBytes(b, at, end, this.tag);
    return from < 0 ? putNull(out, to) : putRaw(b, from, cursor.at, out, to);
  }

  encode(value: unknown, b: Buffer, at: number): number {
    if (value === undefined || value === null) return at;
    const p = writeString(b, at, this.text(value));
    b[p - 1] = this.tag;
    return p - 1;
  }

  canonical(value: unknown): unknown {
    return value;
  }

  protected text(value: unknown): string {
    return formatJson(value);
  }
}

/** JSON that is stored as it came, spaces and all; only what is printed has none. */
export class RawExtensionForm extends RawJsonForm {
  override decode(b: Buffer, at: number, end: number): unknown {
    const from = soleBytes(b, at, end, this.tag);
    if (from < 0) return null;
    const text = b.toString('utf8', from, cursor.at);
    const value = parseJson(text);
    keepRawText(value, text);
    return value;
  }

  override json(b: Buffer, at: number, end: number, out: Buffer, to: number): number {
    const from = soleBytes(b, at, end, this.tag);
    return from < 0 ? putNull(out, to) : putText(out, to, compactJson(b.toString('utf8', from, cursor.at)));
  }

  protected override text(value: unknown): string {
    return rawTextOf(value) ?? formatJson(value);
  }
}

/** runtime.Unknown within an object: only the object it holds is looked at. */
export class UnknownForm extends RawJsonForm {
  protected override readonly tag = 18;

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
