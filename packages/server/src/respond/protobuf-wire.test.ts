import { envelopePrefix, meta, unwrap, wrap } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { encodeListMeta, encodeWatchFrame, envelopeHead, envelopeTail, lengthDelimited } from './protobuf-wire.js';

describe('list metadata', () => {
  it.each([
    { resourceVersion: '12' },
    { resourceVersion: '12', continue: 'token', remainingItemCount: 5 },
    { resourceVersion: '1', remainingItemCount: 0 },
    { resourceVersion: '9007199254740991', continue: 'é', remainingItemCount: 2 ** 40 },
  ])('%j is what the codec of its kind writes', (listMeta) => {
    const list = { metadata: listMeta, items: [] };
    const expected = Buffer.from(meta.v1.PartialObjectMetadataList.codec.encode(list as never));
    expect(lengthDelimited(1, encodeListMeta(listMeta)).equals(expected)).toBe(true);
  });
});

describe('an envelope of parts', () => {
  it.each([0, 1, 100, 127, 128, 16_383, 16_384, 3_000_000])('is the envelope of the whole, with %d bytes to come', (restBytes) => {
    const start = Buffer.from('start');
    const rest = Buffer.alloc(restBytes, 'r');
    const parts = Buffer.concat([envelopeHead('apps/v1', 'DeploymentList', start, restBytes), rest, envelopeTail]);
    const whole = wrap(envelopePrefix('apps/v1', 'DeploymentList'), Buffer.concat([start, rest]));
    expect(parts.equals(whole)).toBe(true);
    expect(unwrap(parts)).toMatchObject({ apiVersion: 'apps/v1', kind: 'DeploymentList' });
  });
});

describe('a watch frame', () => {
  it.each([0, 10, 200, 70_000])('is a length and an event around %d bytes', (bytes) => {
    const envelope = Buffer.alloc(bytes, 'e');
    const frame = encodeWatchFrame('ADDED', envelope);
    expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
    const event = meta.v1.WatchEvent.codec;
    const json = Buffer.from('{"x":1}');
    expect(event.decode(encodeWatchFrame('ADDED', json).subarray(4))).toEqual({ type: 'ADDED', object: { x: 1 } });
    expect(frame.subarray(frame.length - bytes).equals(envelope)).toBe(true);
  });
});
