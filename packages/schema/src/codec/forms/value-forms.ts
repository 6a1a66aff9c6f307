import type { Buffer } from 'node:buffer';
import { canonicalQuantity, formatJson } from '@keelson/machinery';
import { putQuoted } from '../json-out.js';
import { cursor, readInt32, readLength, readString, readVarint, skipField, writeInteger, writeString } from '../wire.js';
import { WrongKind } from '../wrong-kind.js';
import { Form, rejected } from './form.js';
import { soleString } from './sole-field.js';

export class QuantityForm extends Form {
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

export class IntOrStringForm extends Form {
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
    if (typeof value !== 'number' || (value | 0) !== value) throw new WrongKind(value, 'int32');
    return value | 0;
  }
}
