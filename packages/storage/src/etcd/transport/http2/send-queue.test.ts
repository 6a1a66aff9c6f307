import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.js';
import { FrameWriter, PREFIX_BYTES } from './frame-writer.js';
import { ErrorCode, FRAME_BYTES, MAX_WINDOW } from './protocol.js';
import { SendQueue } from './send-queue.js';
import { UnaryCall } from './unary-call.js';

const WINDOW = 65_535;
const MANY = 1_000_000;

class Sending {
  readonly #writer = new FrameWriter();
  readonly queue = new SendQueue(this.#writer);

  call(streamId: number, length: number): UnaryCall {
    const request = { path: '/', message: Buffer.alloc(length), timeoutMs: 1000 };
    const call = new UnaryCall(
      request,
      { settled: () => undefined },
      () => undefined,
      () => undefined,
    );
    call.streamId = streamId;
    this.queue.start(call);
    return call;
  }

  /** What was laid out since the last time, as `stream:bytes`, with a point behind the last of a stream. */
  sent(): string[] {
    const sent: string[] = [];
    const data = (streamId: number, _bytes: Buffer, counted: number, ends: boolean) =>
      sent.push(`${streamId}:${counted}${ends ? '.' : ''}`);
    new FrameReader({ data, frame: () => undefined }).push(Buffer.concat(this.#writer.take()));
    return sent;
  }
}

describe('SendQueue', () => {
  it('sends what the window of the connection takes, and the rest in turns', () => {
    const sending = new Sending();
    sending.call(1, MANY);
    sending.call(3, 20_000);
    expect(sending.sent()).toEqual([`1:${FRAME_BYTES}`, `1:${FRAME_BYTES}`, `1:${FRAME_BYTES}`, `1:${FRAME_BYTES - 1}`]);
    sending.queue.widen(3 * FRAME_BYTES);
    // The window of the first one's stream is used up, too.
    expect(sending.sent()).toEqual([`3:${FRAME_BYTES}`, `3:${20_000 + PREFIX_BYTES - FRAME_BYTES}.`]);
  });

  it('sends what the window of each stream takes', () => {
    const sending = new Sending();
    sending.queue.widen(MANY);
    const first = sending.call(1, WINDOW);
    const second = sending.call(3, WINDOW);
    sending.sent();
    sending.queue.widenStream(second, 2);
    expect(sending.sent()).toEqual(['3:2']);
    sending.queue.widenStream(first, MANY);
    expect(sending.sent()).toEqual(['1:5.']);
    sending.queue.widenStream(second, MANY);
    expect(sending.sent()).toEqual(['3:3.']);
  });

  it('moves open windows with the initial one, also below zero', () => {
    const sending = new Sending();
    sending.queue.setStreamWindow(10, []);
    const call = sending.call(1, 100);
    expect(sending.sent()).toEqual(['1:10']);
    sending.queue.setStreamWindow(0, [call]);
    sending.queue.widenStream(call, 10);
    expect(sending.sent()).toEqual([]);
    sending.queue.widenStream(call, 1);
    expect(sending.sent()).toEqual(['1:1']);
    sending.queue.setStreamWindow(1000, [call]);
    expect(sending.sent()).toEqual(['1:94.']);
  });

  it('lays out only so much at once, and nothing while the socket is full', () => {
    const sending = new Sending();
    sending.queue.widen(MANY);
    sending.queue.setStreamWindow(MANY, []);
    sending.call(1, MANY - 100);
    expect(sending.sent()).toEqual(Array.from({ length: 16 }, () => `1:${FRAME_BYTES}`));
    sending.queue.flushed(true);
    expect(sending.sent()).toEqual([]);
    sending.queue.flushed(false);
    expect(sending.sent()).toHaveLength(16);
  });

  it('forgets calls that are over', () => {
    const sending = new Sending();
    const call = sending.call(1, MANY);
    sending.sent();
    sending.queue.forget(call);
    sending.queue.widenStream(call, 10);
    sending.queue.widen(10);
    expect(sending.sent()).toEqual([]);
  });

  it('refuses windows that are too large', () => {
    const { queue } = new Sending();
    const tooLarge = expect.objectContaining({ code: ErrorCode.FLOW_CONTROL_ERROR });
    expect(() => queue.widen(MAX_WINDOW)).toThrow(tooLarge);
    queue.widen(MAX_WINDOW - WINDOW);
    expect(() => queue.widen(1)).toThrow(tooLarge);
  });
});
