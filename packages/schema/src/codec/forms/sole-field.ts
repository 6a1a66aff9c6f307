import type { Buffer } from 'node:buffer';
import { cursor, readLength, readString, readVarint, skipField } from '../wire.js';

/** The text of a message whose field 1 is all of it; '' when it is not there. */
export function soleString(b: Buffer, at: number, end: number): string {
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

/** Start of the bytes in the field of that tag, with `cursor.at` their end; -1 when there are none. */
export function soleBytes(b: Buffer, at: number, end: number, wanted: number): number {
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
