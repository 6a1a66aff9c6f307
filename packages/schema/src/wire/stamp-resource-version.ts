import { Buffer } from 'node:buffer';
import { cursor, readLength, readVarint, skipField, writeString, writeVarint } from '../codec/wire.js';

/** `metadata` of every kind, and `resourceVersion` of ObjectMeta; both length-delimited. */
const metadataTag = 10;
const objectVersionTag = 50;
/** `resourceVersion` of ListMeta. */
const listVersionTag = 18;

/**
 * The same object's message with another metadata.resourceVersion, in its place among the fields of the metadata whose
 * length is put right: nothing is decoded.
 */
export function stampResourceVersion(message: Buffer, resourceVersion: string): Buffer {
  return stamped(message, resourceVersion, objectVersionTag);
}

/** The same for the message of a list. */
export function stampListVersion(message: Buffer, resourceVersion: string): Buffer {
  return stamped(message, resourceVersion, listVersionTag);
}

function stamped(message: Buffer, resourceVersion: string, tag: number): Buffer {
  const { start, from, end } = findMetadata(message);
  const old = findField(message, from, end, tag);
  const scratch = Buffer.alloc(24 + 3 * resourceVersion.length);
  let p = writeString(scratch, scratch.length, resourceVersion);
  scratch[--p] = tag;
  const version = scratch.subarray(p);
  const headEnd = p;
  p = writeVarint(scratch, p, old.start - from + version.length + end - old.end);
  scratch[--p] = metadataTag;
  const head = scratch.subarray(p, headEnd);
  return Buffer.concat([message.subarray(0, start), head, message.subarray(from, old.start), version, message.subarray(old.end)]);
}

/** The extent of a field between `from` and `end`; where fields are in ascending order and it is not there, its place. */
function findField(message: Buffer, from: number, end: number, wanted: number): { start: number; end: number } {
  for (let p = from; p < end; ) {
    const start = p;
    const tag = readVarint(message, p);
    if (tag > wanted) return { start, end: start };
    p = skipField(message, tag, cursor.at, end);
    if (tag === wanted) return { start, end: p };
  }
  return { start: end, end };
}

/** Where the metadata field starts, and its payload; all at the start of the message when there is none. */
function findMetadata(message: Buffer): { start: number; from: number; end: number } {
  for (let p = 0; p < message.length; ) {
    const start = p;
    const tag = readVarint(message, p);
    if (tag === metadataTag) {
      const from = readLength(message, cursor.at, message.length);
      return { start, from, end: cursor.at };
    }
    p = skipField(message, tag, cursor.at, message.length);
  }
  return { start: 0, from: 0, end: 0 };
}

/** The bytes of an object's ObjectMeta (or a list's ListMeta), sharing memory with the message. */
export function metadataBytes(message: Buffer): Buffer {
  const { from, end } = findMetadata(message);
  return message.subarray(from, end);
}
