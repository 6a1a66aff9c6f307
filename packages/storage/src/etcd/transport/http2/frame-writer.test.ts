import { describe, expect, it } from 'vitest';
import { frame, prefixed, settings, uint32 } from '../../../testing/etcd/scripted-peer.js';
import { FrameWriter, PREFIX_BYTES } from './frame-writer.js';
import { Flag, FRAME_BYTES, FrameType, Setting } from './protocol.js';

function written(write: (writer: FrameWriter) => void): Buffer {
  const writer = new FrameWriter();
  write(writer);
  const { bytes } = writer;
  const taken = Buffer.concat(writer.take());
  expect([taken.length, writer.bytes, writer.take()]).toEqual([bytes, 0, []]);
  return taken;
}

describe('FrameWriter', () => {
  it('lays out frames', () => {
    expect(written((writer) => writer.settings([[Setting.ENABLE_PUSH, 0]]))).toEqual(settings({ [Setting.ENABLE_PUSH]: 0 }));
    expect(written((writer) => writer.settingsAck())).toEqual(frame(FrameType.SETTINGS, Flag.ACK, 0));
    expect(written((writer) => writer.resetStream(5, 8))).toEqual(frame(FrameType.RST_STREAM, 0, 5, uint32(8)));
    expect(written((writer) => writer.windowUpdate(5, 70_000))).toEqual(frame(FrameType.WINDOW_UPDATE, 0, 5, uint32(70_000)));
    expect(written((writer) => writer.ping(Buffer.from('12345678'), 1))).toEqual(frame(FrameType.PING, 1, 0, Buffer.from('12345678')));
    expect(written((writer) => writer.goAway(2))).toEqual(frame(FrameType.GOAWAY, 0, 0, uint32(0, 2)));
  });

  it('continues header blocks that do not fit a frame', () => {
    const block = Buffer.from(Array.from({ length: 2 * FRAME_BYTES + 7 }, (_, i) => i % 251));
    expect(written((writer) => writer.headers(3, block))).toEqual(
      Buffer.concat([
        frame(FrameType.HEADERS, 0, 3, block.subarray(0, FRAME_BYTES)),
        frame(FrameType.CONTINUATION, 0, 3, block.subarray(FRAME_BYTES, 2 * FRAME_BYTES)),
        frame(FrameType.CONTINUATION, Flag.END_HEADERS, 3, block.subarray(2 * FRAME_BYTES)),
      ]),
    );
  });

  it.each([0, 1, 300])('cuts a message of %i bytes and its prefix anywhere', (length) => {
    const message = Buffer.alloc(length, 'm');
    const total = PREFIX_BYTES + length;
    for (let at = 1; at < total; at++) {
      const frames = written((writer) => {
        writer.message(1, message, 0, at, false);
        writer.message(1, message, at, total, true);
      });
      const whole = prefixed(message);
      const expected = [frame(FrameType.DATA, 0, 1, whole.subarray(0, at)), frame(FrameType.DATA, Flag.END_STREAM, 1, whole.subarray(at))];
      expect(frames).toEqual(Buffer.concat(expected));
    }
  });

  it('does not touch what was taken', () => {
    const writer = new FrameWriter();
    const taken: Buffer[] = [];
    const expected: Buffer[] = [];
    for (let i = 0; i < 300; i++) {
      const payload = Buffer.alloc(i * 13, i);
      writer.headers(1, payload);
      expected.push(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, payload));
      if (i % 3 === 0) taken.push(...writer.take());
    }
    taken.push(...writer.take());
    expect(Buffer.concat(taken).equals(Buffer.concat(expected))).toBe(true);
  });
});
