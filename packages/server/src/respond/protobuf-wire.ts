import type { ListMeta } from '@keelson/machinery';

/** Protobuf framing around bodies that are already encoded: lists, watch events. Bodies are copied once and never decoded. */

const ENVELOPE_MAGIC = Buffer.from('k8s\0', 'latin1');
const LENGTH_DELIMITED = 2;
const VARINT = 0;

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function writeVarint(out: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x80) {
    out[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out[at++] = rest;
  return at;
}

/** Tag and length of a field whose `length` bytes follow. */
function fieldHead(field: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(1 + varintSize(length));
  head[0] = (field << 3) | LENGTH_DELIMITED;
  writeVarint(head, 1, length);
  return head;
}

/** A bytes, string or message field (of a number below 16), whole. */
export function lengthDelimited(field: number, body: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(1 + varintSize(body.length) + body.length);
  out[0] = (field << 3) | LENGTH_DELIMITED;
  out.set(body, writeVarint(out, 1, body.length));
  return out;
}

const SLAB_BYTES = 64 * 1024;
let slab = Buffer.alloc(0);
let slabUsed = 0;

/** Memory for what is copied on soon: many small parts share an allocation. */
function takeMemory(bytes: number): Buffer {
  if (bytes > SLAB_BYTES / 8) return Buffer.allocUnsafeSlow(bytes);
  if (slabUsed + bytes > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    slabUsed = 0;
  }
  slabUsed += bytes;
  return slab.subarray(slabUsed - bytes, slabUsed);
}

/** Size of a length-delimited field of so many bytes. */
export function delimitedSize(length: number): number {
  return 1 + varintSize(length) + length;
}

/** A length-delimited field whose `length` bytes `write` puts at the end of what it gets. Not to be kept. */
export function delimitedBy(field: number, length: number, write: (out: Buffer) => void): Buffer {
  const out = takeMemory(delimitedSize(length));
  out[0] = (field << 3) | LENGTH_DELIMITED;
  writeVarint(out, 1, length);
  write(out);
  return out;
}

function textField(field: number, text: string): Buffer {
  return lengthDelimited(field, Buffer.from(text));
}

/** meta/v1 ListMeta: texts are always written, the count only when known. */
export function encodeListMeta({ selfLink = '', resourceVersion = '', continue: token = '', remainingItemCount }: ListMeta): Buffer {
  const parts = [textField(1, selfLink), textField(2, resourceVersion), textField(3, token)];
  if (remainingItemCount !== undefined) {
    const count = Buffer.alloc(1 + varintSize(remainingItemCount));
    count[0] = (4 << 3) | VARINT;
    writeVarint(count, 1, remainingItemCount);
    parts.push(count);
  }
  return Buffer.concat(parts);
}

/**
 * Begins the `k8s\0` envelope of a message of which only `start` is at hand: `restBytes` more of it must follow, then
 * `envelopeTail`.
 */
export function envelopeHead(apiVersion: string, kind: string, start: Buffer, restBytes: number): Buffer {
  const typeMeta = lengthDelimited(1, Buffer.concat([textField(1, apiVersion), textField(2, kind)]));
  return Buffer.concat([ENVELOPE_MAGIC, typeMeta, fieldHead(2, start.length + restBytes), start]);
}

/** Empty contentEncoding and contentType, which follow the message. */
export const envelopeTail: Buffer = Buffer.concat([textField(3, ''), textField(4, '')]);

/** One frame of a protobuf watch: length prefix, then a WatchEvent whose object is an enveloped message. */
export function encodeWatchFrame(type: string, envelope: Uint8Array): Buffer {
  const event = [textField(1, type), lengthDelimited(2, lengthDelimited(1, envelope))];
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(event.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([length, ...event]);
}
