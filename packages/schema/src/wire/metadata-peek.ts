import type { Buffer } from 'node:buffer';
import { setMember } from '../codec/set-member.js';
import { cursor, readLength, readString, readVarint, skipField } from '../codec/wire.js';
import { metadataBytes } from './stamp-resource-version.js';

/** Tags of the fields of ObjectMeta that are peeked at, both length-delimited. */
const tags = { labels: 90, initializers: 130 } as const;

/** The labels of an object. */
export function readLabels(message: Buffer): Record<string, string> {
  const labels: Record<string, string> = {};
  const metadata = metadataBytes(message);
  eachField(metadata, (tag, from, end) => {
    if (tag === tags.labels) readEntry(metadata, from, end, labels);
  });
  return labels;
}

/** Whether metadata.initializers is set. */
export function awaitsInitializers(message: Buffer): boolean {
  let found = false;
  eachField(metadataBytes(message), (tag) => {
    found ||= tag === tags.initializers;
  });
  return found;
}

/** Calls `see` with the payload of every length-delimited field. */
function eachField(bytes: Buffer, see: (tag: number, from: number, end: number) => void): void {
  for (let p = 0; p < bytes.length; ) {
    const tag = readVarint(bytes, p);
    if ((tag & 7) === 2) {
      const from = readLength(bytes, cursor.at, bytes.length);
      p = cursor.at;
      see(tag, from, p);
    } else {
      p = skipField(bytes, tag, cursor.at, bytes.length);
    }
  }
}

/** Reads one entry of a map<string, string> into `into`. */
function readEntry(bytes: Buffer, at: number, end: number, into: Record<string, string>): void {
  let key = '';
  let value = '';
  for (let p = at; p < end; ) {
    const tag = readVarint(bytes, p);
    if (tag === 10 || tag === 18) {
      const from = readLength(bytes, cursor.at, end);
      p = cursor.at;
      if (tag === 10) key = readString(bytes, from, p);
      else value = readString(bytes, from, p);
    } else {
      p = skipField(bytes, tag, cursor.at, end);
    }
  }
  setMember(into, key, value);
}
