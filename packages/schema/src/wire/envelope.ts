import { Buffer } from 'node:buffer';
import { cursor, readLength, readVarint, skipField, writeString, writeVarint } from '../codec/wire.js';
import { DecodeError } from '../kind.js';

/** The four bytes that begin every protobuf object outside of etcd's and gRPC's own messages: `k8s\0`. */
export const protobufMagic: Buffer = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** runtime.Unknown: what is around an object in storage and in bodies. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  /** The object's own message; shares memory with the envelope. */
  readonly message: Buffer;
  readonly contentEncoding: string;
  readonly contentType: string;
}

export function isEnvelope(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x6b && bytes[1] === 0x38 && bytes[2] === 0x73 && bytes[3] === 0x00;
}

/** The object's message alone, sharing memory: what readers of stored bytes need. */
export function unwrapMessage(bytes: Buffer): Buffer {
  for (let p = 4; p < bytes.length; ) {
    const tag = readVarint(bytes, p);
    if (tag === 18) {
      const from = readLength(bytes, cursor.at, bytes.length);
      return bytes.subarray(from, cursor.at);
    }
    p = skipField(bytes, tag, cursor.at, bytes.length);
  }
  return bytes.subarray(0, 0);
}

/** Takes an envelope apart without looking into the object. Throws `DecodeError`. */
export function unwrap(bytes: Buffer): Envelope {
  if (!isEnvelope(bytes)) {
    throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  const envelope = { apiVersion: '', kind: '', message: bytes.subarray(4, 4), contentEncoding: '', contentType: '' };
  for (let p = 4; p < bytes.length; ) {
    const tag = readVarint(bytes, p);
    if (tag === 10) {
      const from = readLength(bytes, cursor.at, bytes.length);
      p = cursor.at;
      Object.assign(envelope, readTypeMeta(bytes, from, p));
    } else if (tag === 18 || tag === 26 || tag === 34) {
      const from = readLength(bytes, cursor.at, bytes.length);
      p = cursor.at;
      if (tag === 18) envelope.message = bytes.subarray(from, p);
      else if (tag === 26) envelope.contentEncoding = bytes.toString('utf8', from, p);
      else envelope.contentType = bytes.toString('utf8', from, p);
    } else {
      p = skipField(bytes, tag, cursor.at, bytes.length);
    }
  }
  return envelope;
}

function readTypeMeta(bytes: Buffer, at: number, end: number): { apiVersion: string; kind: string } {
  const typeMeta = { apiVersion: '', kind: '' };
  for (let p = at; p < end; ) {
    const tag = readVarint(bytes, p);
    if (tag === 10 || tag === 18) {
      const from = readLength(bytes, cursor.at, end);
      p = cursor.at;
      typeMeta[tag === 10 ? 'apiVersion' : 'kind'] = bytes.toString('utf8', from, p);
    } else {
      p = skipField(bytes, tag, cursor.at, end);
    }
  }
  return typeMeta;
}

/** Magic and TypeMeta of one kind: the same for all its objects. */
export function envelopePrefix(apiVersion: string, kind: string): Buffer {
  const buffer = Buffer.alloc(64 + 3 * (apiVersion.length + kind.length));
  let p = writeString(buffer, buffer.length, kind);
  buffer[--p] = 18;
  p = writeString(buffer, p, apiVersion);
  buffer[--p] = 10;
  p = writeVarint(buffer, p, buffer.length - p);
  buffer[--p] = 10;
  p -= protobufMagic.length;
  protobufMagic.copy(buffer, p);
  return buffer.subarray(p);
}

/** contentEncoding and contentType, both empty: what ends every envelope. */
const envelopeSuffix = Buffer.from([26, 0, 34, 0]);

/** Puts an object's message into its envelope. `prefix` is `envelopePrefix` of the kind. */
export function wrap(prefix: Uint8Array, message: Uint8Array): Buffer {
  const length = Buffer.alloc(6);
  let p = writeVarint(length, length.length, message.length);
  length[--p] = 18;
  return Buffer.concat([prefix, length.subarray(p), message, envelopeSuffix]);
}
