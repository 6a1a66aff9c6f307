import { Reader } from 'protobufjs/minimal.js';
import { readInt64 } from './varint.js';

export const STATUS = '/etcdserverpb.Maintenance/Status';

export const STATUS_REQUEST = Buffer.alloc(0);

const VERSION = 2;
const DB_SIZE = 3;

/** The member's version, such as `3.5.21`. */
export function decodeStatusVersion(message: Uint8Array): string {
  const reader = Reader.create(message);
  return find(reader, VERSION) ? reader.string() : '';
}

/** Bytes of the member's database file. */
export function decodeStatusSize(message: Uint8Array): number {
  const reader = Reader.create(message);
  return find(reader, DB_SIZE) ? readInt64(reader) : 0;
}

/** Moves on to the value of a field, which comes once. */
function find(reader: Reader, field: number): boolean {
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === field) return true;
    reader.skipType(tag & 7);
  }
  return false;
}
