import { Buffer } from 'node:buffer';
import { cursor, readLength, readVarint, skipField, writeString, writeVarint } from '../codec/wire.js';

/** `metadata` of every kind, and `resourceVersion` of ObjectMeta; both length-delimited. */
const metadataTag = 10;
const objectVersionTag = 50;
/** `resourceVersion` of ListMeta. */
const listVersionTag = 18;

/**
 * The same object's message with another metadata.resourceVersion. The field is appended to the metadata, where the
 * last value wins, and the length of the metadata put right: nothing is decoded.
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
  const scratch = Buffer.alloc(24 + 3 * resourceVersion.length);
  let p = writeString(scratch, scratch.length, resourceVersion);
  scratch[--p] = tag;
  const version = scratch.subarray(p);
  const headEnd = p;
  p = writeVarint(scratch, p, end - from + version.length);
  scratch[--p] = metadataTag;
  const head = scratch.subarray(p, headEnd);
  return Buffer.concat([message.subarray(0, start), head, message.subarray(from, end), version, message.subarray(end)]);
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
