import type { Buffer } from 'node:buffer';
import type { ObjectMeta, OwnerReference } from '@keelson/machinery';
import { codecOf } from '../codec/codec.js';
import { setMember } from '../codec/set-member.js';
import { cursor, readLength, readString, readVarint, skipField } from '../codec/wire.js';
import { metadataBytes } from './stamp-resource-version.js';

/** What selection and garbage collection look at. The big parts of metadata (annotations, managedFields) stay unread. */
export interface PeekedMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ownerReferences: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  /** Whether deletionTimestamp is set. */
  readonly deleting: boolean;
}

/** Tags of the fields of ObjectMeta that are peeked at, all length-delimited. */
const tags = {
  name: 10,
  namespace: 26,
  uid: 42,
  deletionTimestamp: 74,
  labels: 90,
  ownerReferences: 106,
  finalizers: 114,
  initializers: 130,
} as const;

/** All of an object's metadata. */
export function readMetadata(message: Buffer): ObjectMeta {
  return codecOf<ObjectMeta>('meta.v1.ObjectMeta').decode(metadataBytes(message));
}

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

export function peekMetadata(message: Buffer): PeekedMetadata {
  const metadata = metadataBytes(message);
  const labels: Record<string, string> = {};
  const ownerReferences: OwnerReference[] = [];
  const finalizers: string[] = [];
  const peeked = { name: '', namespace: '', uid: '', labels, ownerReferences, finalizers, deleting: false };
  eachField(metadata, (tag, from, end) => {
    switch (tag) {
      case tags.name:
        peeked.name = readString(metadata, from, end);
        break;
      case tags.namespace:
        peeked.namespace = readString(metadata, from, end);
        break;
      case tags.uid:
        peeked.uid = readString(metadata, from, end);
        break;
      case tags.deletionTimestamp:
        peeked.deleting = true;
        break;
      case tags.labels:
        readEntry(metadata, from, end, labels);
        break;
      case tags.ownerReferences:
        ownerReferences.push(codecOf<OwnerReference>('meta.v1.OwnerReference').decode(metadata.subarray(from, end)));
        break;
      case tags.finalizers:
        finalizers.push(readString(metadata, from, end));
        break;
    }
  });
  return peeked;
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
