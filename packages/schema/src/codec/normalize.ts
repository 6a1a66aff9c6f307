import { Buffer } from 'node:buffer';
import { type MessageField, type MessageTable, messageTable } from '../table/message-table.js';
import { cursor, readLength, readVarint, skipField, writeVarint } from './wire.js';

/** The fields of one number: whole fields, tag included, in the order they came. */
interface Part {
  readonly tag: number;
  /** The whole field. */
  readonly bytes: Buffer;
  /** What a length-delimited field holds. */
  readonly payload: Buffer;
}

/**
 * Brings a message that is valid but unusual into the order that all known writers use: ascending numbers, list items
 * side by side, parts of one sub-message joined. Packed lists of numbers are left to the reader.
 */
export function normalize(table: MessageTable, message: Buffer): Buffer {
  const byNumber = new Map<number, Part[]>();
  for (const part of partsOf(message)) {
    const number = Math.floor(part.tag / 8);
    const known = byNumber.get(number);
    if (known) known.push(part);
    else byNumber.set(number, [part]);
  }
  const fields = new Map(table.fields.map((field) => [field.number, field]));
  const ordered = [...byNumber].sort(([a], [b]) => a - b);
  return Buffer.concat(ordered.flatMap(([number, parts]) => normalizeField(fields.get(number), parts)));
}

function* partsOf(message: Buffer): Generator<Part> {
  for (let p = 0; p < message.length; ) {
    const start = p;
    const tag = readVarint(message, p);
    const at = cursor.at;
    let from = at;
    if ((tag & 7) === 2) {
      from = readLength(message, at, message.length);
      p = cursor.at;
    } else {
      p = skipField(message, tag, at, message.length);
    }
    yield { tag, bytes: message.subarray(start, p), payload: message.subarray(from, p) };
  }
}

function normalizeField(field: MessageField | undefined, parts: readonly Part[]): Buffer[] {
  if (!field) return [];
  const last = parts.at(-1);
  if (!last) return [];
  const { message } = field;
  const isPlainMessage = message !== undefined && messageTable(message).form === undefined;
  if (!isPlainMessage || field.cardinality === 'map') {
    if (field.cardinality !== 'one') return parts.flatMap((part) => unpacked(field, part));
    return [last.bytes];
  }
  const table = messageTable(message);
  if (field.cardinality === 'list') return parts.map((part) => delimited(part.tag, normalize(table, part.payload)));
  return [delimited(last.tag, normalize(table, Buffer.concat(parts.map((part) => part.payload))))];
}

/** Numbers packed under one length become single fields again. */
function unpacked(field: MessageField, part: Part): Buffer[] {
  const isNumber = field.scalar !== undefined && field.scalar !== 'string' && field.scalar !== 'bytes';
  if (!isNumber || (part.tag & 7) !== 2) return [part.bytes];
  const items: Buffer[] = [];
  for (let p = 0; p < part.payload.length; p = cursor.at) {
    readVarint(part.payload, p);
    items.push(Buffer.concat([varint(field.number * 8), part.payload.subarray(p, cursor.at)]));
  }
  return items;
}

function delimited(tag: number, payload: Buffer): Buffer {
  return Buffer.concat([varint(tag), varint(payload.length), payload]);
}

function varint(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  return bytes.subarray(writeVarint(bytes, 5, value));
}
