import { Reader } from 'protobufjs/minimal.js';

export const STATUS = '/etcdserverpb.Maintenance/Status';

export const STATUS_REQUEST = Buffer.alloc(0);

const VERSION = 2;

/** The member's version, such as `3.5.21`. */
export function decodeStatusVersion(message: Uint8Array): string {
  const reader = Reader.create(message);
  let version = '';
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === VERSION) version = reader.string();
    else reader.skipType(tag & 7);
  }
  return version;
}
