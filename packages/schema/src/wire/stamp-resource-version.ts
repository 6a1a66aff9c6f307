import { Buffer } from 'node:buffer';
import { cursor, readLength, readVarint, skipField, writeString, writeVarint } from '../codec/wire.js';

/** `metadata` of every kind, and `resourceVersion` of ObjectMeta; both length-delimited. */
const metadataTag = 10;
const versionTag = 50;

/**
 * The same object's message with another metadata.resourceVersion, in its place among the fields of the metadata whose
 * length is put right: nothing is decoded.
 */
export function stampResourceVersion(message: Buffer, resourceVersion: string): Buffer {
  const place = findPlace(message);
  const length = lengthWith(message, place, resourceVersion);
  const out = Buffer.allocUnsafe(length);
  writeAt(message, place, resourceVersion, out, length);
  return out;
}

/** Length of what `stampResourceVersion` gives. */
export function stampedLength(message: Buffer, resourceVersion: string): number {
  return lengthWith(message, findPlace(message), resourceVersion);
}

/** Writes what `stampResourceVersion` gives into `out` so that it ends at `end`; gives its start. */
export function writeStamped(message: Buffer, resourceVersion: string, out: Buffer, end: number): number {
  return writeAt(message, findPlace(message), resourceVersion, out, end);
}

/** Where a message takes its version: the metadata field with its tag and length, its payload, the old version in it. */
interface Place {
  readonly start: number;
  readonly from: number;
  readonly end: number;
  readonly oldStart: number;
  readonly oldEnd: number;
}

function findPlace(message: Buffer): Place {
  const { start, from, end } = findMetadata(message);
  const old = findVersion(message, from, end);
  return { start, from, end, oldStart: old.start, oldEnd: old.end };
}

function lengthWith(message: Buffer, { start, from, end, oldStart, oldEnd }: Place, resourceVersion: string): number {
  const versionBytes = Buffer.byteLength(resourceVersion);
  const metadata = oldStart - from + 1 + varintBytes(versionBytes) + versionBytes + end - oldEnd;
  return start + 1 + varintBytes(metadata) + metadata + message.length - end;
}

function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

function writeAt(message: Buffer, place: Place, resourceVersion: string, out: Buffer, outEnd: number): number {
  const { start, from, end, oldStart, oldEnd } = place;
  let p = outEnd - (message.length - oldEnd);
  message.copy(out, p, oldEnd);
  const metadataEnd = p + (end - oldEnd);
  p = writeString(out, p, resourceVersion);
  out[--p] = versionTag;
  p -= oldStart - from;
  message.copy(out, p, from, oldStart);
  p = writeVarint(out, p, metadataEnd - p);
  out[--p] = metadataTag;
  p -= start;
  message.copy(out, p, 0, start);
  return p;
}

/** The extent of the version between `from` and `end`; where fields are in ascending order and it is not there, its place. */
function findVersion(message: Buffer, from: number, end: number): { start: number; end: number } {
  for (let p = from; p < end; ) {
    const start = p;
    const tag = readVarint(message, p);
    if (tag > versionTag) return { start, end: start };
    p = skipField(message, tag, cursor.at, end);
    if (tag === versionTag) return { start, end: p };
  }
  return { start: end, end };
}

/** Where the metadata field starts, and its payload; all at the start of the message when there is none. */
export function findMetadata(message: Buffer): { start: number; from: number; end: number } {
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

/** The bytes of an object's ObjectMeta , sharing memory with the message. */
export function metadataBytes(message: Buffer): Buffer {
  const { from, end } = findMetadata(message);
  return message.subarray(from, end);
}
