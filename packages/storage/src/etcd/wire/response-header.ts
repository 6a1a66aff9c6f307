import type { Reader } from 'protobufjs/minimal.js';
import type { Revision } from '../../kv.js';
import { readInt64 } from './varint.js';

const REVISION = 3;

/** The store's revision from an embedded `etcdserverpb.ResponseHeader`: the only thing of it that is used. */
export function readHeaderRevision(reader: Reader): Revision {
  const end = reader.uint32() + reader.pos;
  let revision = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag >>> 3 === REVISION) revision = readInt64(reader);
    else reader.skipType(tag & 7);
  }
  return revision;
}
