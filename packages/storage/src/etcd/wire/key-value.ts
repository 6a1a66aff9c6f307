import type { Reader } from 'protobufjs/minimal.js';
import type { KeyValue } from '../../kv.js';
import type { Slab } from '../slab.js';
import { readInt64 } from './varint.js';

const EMPTY = Buffer.alloc(0);

/** `mvccpb.KeyValue` without the lease. */
export interface EtcdKeyValue extends KeyValue {
  /** Puts since the key was created; 1 is the creation. */
  readonly version: number;
}

/** Reads an embedded `mvccpb.KeyValue`; the value is copied into `slab`. */
export function readKeyValue(reader: Reader, slab: Slab): EtcdKeyValue {
  const end = reader.uint32() + reader.pos;
  let key = '';
  let value: Buffer = EMPTY;
  let modRevision = 0;
  let version = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 1:
        key = reader.string();
        break;
      case 3:
        modRevision = readInt64(reader);
        break;
      case 4:
        version = readInt64(reader);
        break;
      case 5:
        value = copyBytes(reader, slab);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return { key, value, modRevision, version };
}

/** Without what callers of the backend do not know of. */
export function toKeyValue({ key, value, modRevision }: EtcdKeyValue): KeyValue {
  return { key, value, modRevision };
}

function copyBytes(reader: Reader, slab: Slab): Buffer {
  const length = reader.uint32();
  const start = reader.pos;
  reader.skip(length);
  return slab.copy(reader.buf as Buffer, start, reader.pos);
}
