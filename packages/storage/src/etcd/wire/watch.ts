import { Reader, Writer } from 'protobufjs/minimal.js';
import type { KvEvent, Revision } from '../../kv.js';
import type { KeySpan } from '../key-span.js';
import type { Slab } from '../slab.js';
import { type EtcdKeyValue, readKeyValue, toKeyValue } from './key-value.js';
import { readHeaderRevision } from './response-header.js';
import { readInt64 } from './varint.js';

export const WATCH = '/etcdserverpb.Watch/Watch';

/** The watch id of answers to manual progress requests: they speak for every watch of the stream. */
export const EVERY_WATCH = -1;

export interface WatchResponse {
  /** Of the member when it answered; for an answer without events, everything up to here has been sent. */
  readonly revision: Revision;
  readonly watchId: number;
  readonly created: boolean;
  readonly canceled: boolean;
  /** Not 0 when the watch was canceled because history below this revision is gone. */
  readonly compactRevision: Revision;
  readonly cancelReason: string;
  /** More of the same revision follows in the next response. */
  readonly fragment: boolean;
  readonly events: KvEvent[];
}

/** A watch with fragments and periodic progress notifications. */
export function encodeWatchCreate(span: KeySpan, from: Revision, previous: boolean): Uint8Array {
  const writer = Writer.create();
  writer.uint32(10).fork();
  writer.uint32(10).bytes(span.start);
  if (span.end) writer.uint32(18).bytes(span.end);
  writer.uint32(24).int64(from).uint32(32).bool(true);
  if (previous) writer.uint32(48).bool(true);
  writer.uint32(64).bool(true);
  return writer.ldelim().finish();
}

export function encodeWatchProgress(): Uint8Array {
  return Writer.create().uint32(26).fork().ldelim().finish();
}

export function decodeWatchResponse(message: Uint8Array, slab: Slab): WatchResponse {
  const reader = Reader.create(message);
  const response = {
    revision: 0,
    watchId: 0,
    created: false,
    canceled: false,
    compactRevision: 0,
    cancelReason: '',
    fragment: false,
    events: [],
  };
  while (reader.pos < reader.len) readField(response, reader, slab);
  return response;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readField(response: Writable<WatchResponse>, reader: Reader, slab: Slab): void {
  const tag = reader.uint32();
  switch (tag >>> 3) {
    case 1:
      response.revision = readHeaderRevision(reader);
      break;
    case 2:
      response.watchId = readInt64(reader);
      break;
    case 3:
      response.created = reader.bool();
      break;
    case 4:
      response.canceled = reader.bool();
      break;
    case 5:
      response.compactRevision = readInt64(reader);
      break;
    case 6:
      response.cancelReason = reader.string();
      break;
    case 7:
      response.fragment = reader.bool();
      break;
    case 11:
      response.events.push(readEvent(reader, slab));
      break;
    default:
      reader.skipType(tag & 7);
  }
}

function readEvent(reader: Reader, slab: Slab): KvEvent {
  const end = reader.uint32() + reader.pos;
  let deleted = false;
  let kv: EtcdKeyValue | undefined;
  let previous: EtcdKeyValue | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case 1:
        deleted = reader.int32() === 1;
        break;
      case 2:
        kv = readKeyValue(reader, slab);
        break;
      case 3:
        previous = readKeyValue(reader, slab);
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  if (kv === undefined) throw new RangeError('a watch event has no key');
  return toEvent(kv, deleted, previous);
}

function toEvent(kv: EtcdKeyValue, deleted: boolean, previous: EtcdKeyValue | undefined): KvEvent {
  const { key, modRevision, version, value } = kv;
  return {
    type: deleted ? 'delete' : 'put',
    key,
    modRevision,
    created: !deleted && version === 1,
    ...(!deleted && { value }),
    ...(previous && { previous: toKeyValue(previous) }),
  };
}
