import { Buffer } from 'node:buffer';
import { cursor, readLength, readVarint, skipField } from '../codec/wire.js';

/** `spec` is field 2 of every kind that has one. */
const specTag = 18;
const none = Buffer.alloc(0);

/** The bytes of an object's spec, sharing memory with the message; none where it is not set. */
export function specBytes(message: Buffer): Buffer {
  for (let p = 0; p < message.length; ) {
    const tag = readVarint(message, p);
    if (tag === specTag) {
      const from = readLength(message, cursor.at, message.length);
      return message.subarray(from, cursor.at);
    }
    p = skipField(message, tag, cursor.at, message.length);
  }
  return none;
}
