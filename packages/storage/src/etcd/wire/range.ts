import { Reader, Writer } from 'protobufjs/minimal.js';
import type { Revision } from '../../kv.js';
import type { KeySpan } from '../key-span.js';
import type { Slab } from '../slab.js';
import { type EtcdKeyValue, readKeyValue } from './key-value.js';
import { readHeaderRevision } from './response-header.js';
import { readInt64 } from './varint.js';

export const RANGE = '/etcdserverpb.KV/Range';

export interface RangeRequest {
  readonly span: KeySpan;
  readonly limit?: number;
  readonly revision?: Revision;
  /** Answered by the member asked, possibly stale; else by quorum. */
  readonly serializable?: boolean;
  readonly keysOnly?: boolean;
  readonly countOnly?: boolean;
}

export interface RangeResponse {
  readonly kvs: EtcdKeyValue[];
  /** Keys in the span, whatever the limit. */
  readonly count: number;
  readonly revision: Revision;
}

export function encodeRange(request: RangeRequest): Uint8Array {
  return writeRange(Writer.create(), request).finish();
}

function writeRange(writer: Writer, request: RangeRequest): Writer {
  writer.uint32(10).bytes(request.span.start);
  if (request.span.end) writer.uint32(18).bytes(request.span.end);
  if (request.limit) writer.uint32(24).int64(request.limit);
  if (request.revision) writer.uint32(32).int64(request.revision);
  if (request.serializable) writer.uint32(56).bool(true);
  if (request.keysOnly) writer.uint32(64).bool(true);
  if (request.countOnly) writer.uint32(72).bool(true);
  return writer;
}

export function decodeRange(message: Uint8Array, slab: Slab): RangeResponse {
  const reader = Reader.create(message);
  return readRange(reader, reader.len, slab);
}

export function readRange(reader: Reader, end: number, slab: Slab): RangeResponse {
  const kvs: EtcdKeyValue[] = [];
  let count = 0;
  let revision = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 1:
        revision = readHeaderRevision(reader);
        break;
      case 2:
        kvs.push(readKeyValue(reader, slab));
        break;
      case 4:
        count = readInt64(reader);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return { kvs, count, revision };
}
