import type { Buffer } from 'node:buffer';
import { cursor, readLength, readString, readVarint, skipField, writeInteger, writeString } from '../wire.js';
import { WrongKind } from '../wrong-kind.js';
import { Form } from './form.js';
import { soleBytes, soleString } from './sole-field.js';

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
    if (!Array.isArray(value)) throw new WrongKind(value, '[]string');
    return value.map((item) => {
      if (item === null) return '';
      if (typeof item !== 'string') throw new WrongKind(item, 'string');
      return item;
    });
  }
}

/** `{"a": …}` written as a message that only has a map of messages like itself. */
export class InlineMapForm extends Form {
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
}

export const stringList = new StringListForm();
