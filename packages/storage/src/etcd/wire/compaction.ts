import { Writer } from 'protobufjs/minimal.js';
import type { Revision } from '../../kv.js';

export const COMPACT = '/etcdserverpb.KV/Compact';

export function encodeCompaction(revision: Revision): Uint8Array {
  return Writer.create().uint32(8).int64(revision).finish();
}
