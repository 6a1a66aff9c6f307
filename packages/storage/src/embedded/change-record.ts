import type { Revision } from '../kv.js';

/** One write of one key, without its value. */
export interface ChangeRecord {
  readonly key: string;
  readonly type: 'put' | 'delete';
  /** True for the first put of a key (after creation or deletion). */
  readonly created: boolean;
  /** Revision of the write it replaced, deletes included; 0 for none. What it names may have been compacted. */
  readonly previous: Revision;
}

const DELETE = 1;
const CREATED = 2;
const KEY_OFFSET = 9;

/** Flags (1 byte), previous revision (8 bytes), key. */
export function encodeChange(change: ChangeRecord): Buffer {
  const bytes = Buffer.allocUnsafe(KEY_OFFSET + Buffer.byteLength(change.key));
  bytes[0] = (change.type === 'delete' ? DELETE : 0) | (change.created ? CREATED : 0);
  bytes.writeBigUInt64BE(BigInt(change.previous), 1);
  bytes.write(change.key, KEY_OFFSET);
  return bytes;
}

export function decodeChange(bytes: Buffer): ChangeRecord {
  const flags = bytes[0] ?? 0;
  return {
    key: bytes.toString('utf8', KEY_OFFSET),
    type: flags & DELETE ? 'delete' : 'put',
    created: (flags & CREATED) !== 0,
    previous: bytes.readUInt32BE(1) * 2 ** 32 + bytes.readUInt32BE(5),
  };
}
