import { Buffer } from 'node:buffer';
import { cursor, readLength, readVarint, skipField } from '../codec/wire.js';
import type { KindSchema } from '../kind.js';
import { messageNameOf } from '../kinds/built-in-kind.js';
import { messageTable } from '../table/message-table.js';

/** Where a field lies in messages: the numbers of the fields that lead to it. */
export type FieldPath = readonly number[];

const none = Buffer.alloc(0);

/** `path`: JSON names of fields, `status.phase`. All but the last are single messages, the last is one or a list of them. */
export function fieldPath(kind: KindSchema<object>, path: string): FieldPath {
  let table = messageTable(messageNameOf(kind));
  return path.split('.').map((name) => {
    const field = table.fields.find((one) => one.name === name);
    if (field?.message === undefined) throw new Error(`${table.name} has no message ${name}`);
    table = messageTable(field.message);
    return field.number;
  });
}

/**
 * The bytes of a field, sharing memory with the message: from the first of its entries to the last, with what frames them and
 * with what lies between. None where it is not set.
 */
export function fieldBytes(message: Buffer, path: FieldPath): Buffer {
  let bytes = message;
  for (const [depth, number] of path.entries()) {
    const entries = entriesOf(bytes, number * 8 + 2);
    bytes = depth < path.length - 1 ? payloadOf(entries) : entries;
  }
  return bytes;
}

function entriesOf(bytes: Buffer, wanted: number): Buffer {
  let from = -1;
  let end = -1;
  for (let p = 0; p < bytes.length; ) {
    const start = p;
    const tag = readVarint(bytes, p);
    p = skipField(bytes, tag, cursor.at, bytes.length);
    if (tag === wanted) {
      if (from < 0) from = start;
      end = p;
    }
  }
  return from < 0 ? none : bytes.subarray(from, end);
}

function payloadOf(entry: Buffer): Buffer {
  if (entry.length === 0) return none;
  readVarint(entry, 0);
  const from = readLength(entry, cursor.at, entry.length);
  return entry.subarray(from, cursor.at);
}
