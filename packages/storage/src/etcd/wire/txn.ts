import { Reader, Writer } from 'protobufjs/minimal.js';
import type { Revision } from '../../kv.js';
import type { Slab } from '../slab.js';
import type { EtcdKeyValue } from './key-value.js';
import { type RangeResponse, readRange } from './range.js';
import { readHeaderRevision } from './response-header.js';

export const TXN = '/etcdserverpb.KV/Txn';

/** What the compared key must have, exactly. */
export type Condition = { readonly modRevision: Revision } | { readonly version: number };

/** "If `key` meets the condition, put or delete it, else read it": every write Kubernetes makes. */
export interface ConditionalWrite {
  readonly key: string;
  readonly condition: Condition;
  /** Absent: delete. */
  readonly value?: Uint8Array;
  /** Lease to attach to the put. */
  readonly leaseId?: number;
}

export interface ConditionalWriteResponse {
  readonly succeeded: boolean;
  readonly revision: Revision;
  /** When the condition was not met: the key as it is, absent when it does not exist. */
  readonly current?: EtcdKeyValue;
}

const TARGET_VERSION = 0;
const TARGET_MOD_REVISION = 2;

export function encodeConditionalWrite(write: ConditionalWrite): Uint8Array {
  const key = Buffer.from(write.key);
  const writer = Writer.create();
  writeCompare(writer.uint32(10).fork(), key, write.condition).ldelim();
  if (write.value === undefined) writer.uint32(18).fork().uint32(26).fork().uint32(10).bytes(key).ldelim().ldelim();
  else writePut(writer.uint32(18).fork().uint32(18).fork(), key, write.value, write.leaseId).ldelim().ldelim();
  writer.uint32(26).fork().uint32(10).fork().uint32(10).bytes(key).ldelim().ldelim();
  return writer.finish();
}

/** `Compare` with result EQUAL, which is the default. */
function writeCompare(writer: Writer, key: Uint8Array, condition: Condition): Writer {
  if ('modRevision' in condition) {
    return writer.uint32(16).int32(TARGET_MOD_REVISION).uint32(26).bytes(key).uint32(48).int64(condition.modRevision);
  }
  return writer.uint32(16).int32(TARGET_VERSION).uint32(26).bytes(key).uint32(32).int64(condition.version);
}

function writePut(writer: Writer, key: Uint8Array, value: Uint8Array, leaseId: number | undefined): Writer {
  writer.uint32(10).bytes(key).uint32(18).bytes(value);
  if (leaseId !== undefined) writer.uint32(24).int64(leaseId);
  return writer;
}

export function decodeConditionalWrite(message: Uint8Array, slab: Slab): ConditionalWriteResponse {
  const reader = Reader.create(message);
  let succeeded = false;
  let revision = 0;
  let current: EtcdKeyValue | undefined;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 1:
        revision = readHeaderRevision(reader);
        break;
      case 2:
        succeeded = reader.bool();
        break;
      case 3:
        current = readResponseOp(reader, slab)?.kvs[0];
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return { succeeded, revision, ...(current && { current }) };
}

/** The range response of a `ResponseOp`, if it is one. */
function readResponseOp(reader: Reader, slab: Slab): RangeResponse | undefined {
  const end = reader.uint32() + reader.pos;
  let range: RangeResponse | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) {
      const length = reader.uint32();
      range = readRange(reader, reader.pos + length, slab);
    } else reader.skipType(tag & 7);
  }
  return range;
}
