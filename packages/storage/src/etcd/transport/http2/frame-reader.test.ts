import { describe, expect, it } from 'vitest';
import { frame } from '../../../testing/etcd/scripted-peer.js';
import { FrameReader } from './frame-reader.js';
import { ErrorCode, Flag, FRAME_BYTES, FrameType } from './protocol.js';

/** What a reader tells of pieces; data of a stream is put together. */
function read(pieces: readonly Buffer[]): unknown[] {
  const seen: unknown[] = [];
  let data = '';
  let bytes = 0;
  const reader = new FrameReader({
    data(streamId, piece, counted, ends) {
      data += piece.toString('latin1');
      bytes += counted;
      if (ends) seen.push({ streamId, data, bytes });
    },
    frame: (type, flags, streamId, payload) => seen.push({ type, flags, streamId, payload: payload.toString('latin1') }),
  });
  for (const piece of pieces) reader.push(piece);
  return seen;
}

/** `bytes` cut into pieces of `size`. */
function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

describe('FrameReader', () => {
  const { HEADERS, DATA, PING, SETTINGS } = FrameType;
  const frames = Buffer.concat([
    frame(SETTINGS, 0, 0),
    frame(HEADERS, Flag.END_HEADERS, 3, Buffer.from('fields')),
    frame(DATA, 0, 3, Buffer.from('some ')),
    frame(DATA, 0, 3),
    frame(DATA, Flag.PADDED, 3, Buffer.from('\x03padded \0\0\0', 'latin1')),
    frame(DATA, Flag.END_STREAM, 0x80000003, Buffer.from('data')),
    frame(DATA, Flag.END_STREAM | Flag.PADDED, 5, Buffer.of(0)),
    frame(DATA, Flag.END_STREAM, 7),
    frame(PING, Flag.ACK, 0, Buffer.from('12345678')),
  ]);
  const told = [
    { type: SETTINGS, flags: 0, streamId: 0, payload: '' },
    { type: HEADERS, flags: Flag.END_HEADERS, streamId: 3, payload: 'fields' },
    { streamId: 3, data: 'some padded data', bytes: 20 },
    { streamId: 5, data: 'some padded data', bytes: 21 },
    { streamId: 7, data: 'some padded data', bytes: 21 },
    { type: PING, flags: Flag.ACK, streamId: 0, payload: '12345678' },
  ];

  it.each(Array.from({ length: frames.length }, (_, i) => i + 1))('reads frames in pieces of %i bytes', (size) => {
    expect(read(cut(frames, size))).toEqual(told);
  });

  it('passes data on without copying it', () => {
    const piece = frame(DATA, 0, 1, Buffer.from('data'));
    const reader = new FrameReader({ data: (_id, bytes) => bytes.fill('x'), frame: () => undefined });
    reader.push(piece);
    expect(piece.subarray(9).toString()).toBe('xxxx');
  });

  it('takes frames of the size that is allowed, and none above', () => {
    const [seen] = read([frame(HEADERS, 0, 1, Buffer.alloc(FRAME_BYTES, 'x'))]) as [{ payload: string }];
    expect(seen.payload).toBe('x'.repeat(FRAME_BYTES));
    expect(() => read([frame(HEADERS, 0, 1, Buffer.alloc(FRAME_BYTES + 1))])).toThrow(
      expect.objectContaining({ code: ErrorCode.FRAME_SIZE_ERROR }),
    );
  });

  it('refuses padding that is more than there is', () => {
    expect(() => read([frame(DATA, Flag.PADDED, 1)])).toThrow(expect.objectContaining({ code: ErrorCode.FRAME_SIZE_ERROR }));
    expect(() => read([frame(DATA, Flag.PADDED, 1, Buffer.of(2, 0))])).toThrow(expect.objectContaining({ code: ErrorCode.PROTOCOL_ERROR }));
  });
});
