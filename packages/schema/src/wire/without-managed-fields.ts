import { Buffer } from 'node:buffer';
import { cursor, readVarint, skipField, writeVarint } from '../codec/wire.js';
import { findMetadata } from './stamp-resource-version.js';

const metadataTag = 10;
/** `managedFields` of ObjectMeta. */
const managedFieldsTag = 138;

/**
 * The same object's message without metadata.managedFields: they are most of the work of decoding, and those who print
 * objects do not look at them. The message itself when it has none.
 */
export function withoutManagedFields(message: Buffer): Buffer {
  const { start, from, end } = findMetadata(message);
  const cut = findEntries(message, from, end);
  if (cut === undefined) return message;
  const length = Buffer.alloc(6);
  let p = writeVarint(length, length.length, end - from - (cut.end - cut.start));
  length[--p] = metadataTag;
  return Buffer.concat([message.subarray(0, start), length.subarray(p), message.subarray(from, cut.start), message.subarray(cut.end)]);
}

/** The extent of the entries, which lie together where fields are in ascending order; the first of them only where they do not. */
function findEntries(message: Buffer, from: number, end: number): { start: number; end: number } | undefined {
  let found: { start: number; end: number } | undefined;
  for (let p = from; p < end; ) {
    const start = p;
    const tag = readVarint(message, p);
    p = skipField(message, tag, cursor.at, end);
    if (tag === managedFieldsTag) found = { start: found?.start ?? start, end: p };
    else if (found !== undefined) return found;
  }
  return found;
}
