import { Flag, FRAME_BYTES, FRAME_HEADER_BYTES, FrameType } from './protocol.js';

/** Memory is taken in pieces of this size: frames of many moments. */
const SLAB_BYTES = 64 * 1024;

/** Lays out frames (RFC 9113, 4.1 and 6) one behind the other, until they are taken to be sent. */
export class FrameWriter {
  #slab = Buffer.alloc(0);
  /** Where in the slab begins what was not taken. */
  #start = 0;
  #end = 0;
  /** What was not taken of earlier slabs. */
  #full: Buffer[] = [];
  #fullBytes = 0;

  /** How much there is to take. */
  get bytes(): number {
    return this.#fullBytes + this.#end - this.#start;
  }

  /** Everything since the last time. */
  take(): readonly Buffer[] {
    const taken = this.#full;
    if (this.#end > this.#start) taken.push(this.#slab.subarray(this.#start, this.#end));
    this.#full = [];
    this.#fullBytes = 0;
    this.#start = this.#end;
    return taken;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#slab.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  settings(values: ReadonlyArray<readonly [setting: number, value: number]>): void {
    this.#begin(values.length * 6, FrameType.SETTINGS, 0, 0);
    for (const [setting, value] of values) {
      this.#end = this.#slab.writeUInt16BE(setting, this.#end);
      this.#end = this.#slab.writeUInt32BE(value, this.#end);
    }
  }

  settingsAck(): void {
    this.#begin(0, FrameType.SETTINGS, Flag.ACK, 0);
  }

  /** A block of header fields that is not followed by trailers; in as many frames as it needs. */
  headers(streamId: number, block: Uint8Array): void {
    let type: number = FrameType.HEADERS;
    let at = 0;
    do {
      const end = Math.min(at + FRAME_BYTES, block.length);
      this.#begin(end - at, type, end === block.length ? Flag.END_HEADERS : 0, streamId);
      this.#slab.set(at === 0 && end === block.length ? block : block.subarray(at, end), this.#end);
      this.#end += end - at;
      type = FrameType.CONTINUATION;
      at = end;
    } while (at < block.length);
  }

  /**
   * Bytes `from` to `to` of a message behind the prefix that gRPC gives it: a byte for "not compressed", and its length in
   * four (gRPC over HTTP/2, Length-Prefixed-Message).
   */
  message(streamId: number, message: Uint8Array, from: number, to: number, endsStream: boolean): void {
    this.#begin(to - from, FrameType.DATA, endsStream ? Flag.END_STREAM : 0, streamId);
    let at = from;
    for (; at < Math.min(to, PREFIX_BYTES); at++) this.#slab[this.#end++] = at === 0 ? 0 : message.length >>> (8 * (PREFIX_BYTES - 1 - at));
    if (at === to) return;
    const whole = at === PREFIX_BYTES && to === message.length + PREFIX_BYTES;
    this.#slab.set(whole ? message : message.subarray(at - PREFIX_BYTES, to - PREFIX_BYTES), this.#end);
    this.#end += to - at;
  }

  resetStream(streamId: number, code: number): void {
    this.#begin(4, FrameType.RST_STREAM, 0, streamId);
    this.#end = this.#slab.writeUInt32BE(code, this.#end);
  }

  windowUpdate(streamId: number, increment: number): void {
    this.#begin(4, FrameType.WINDOW_UPDATE, 0, streamId);
    this.#end = this.#slab.writeUInt32BE(increment, this.#end);
  }

  ping(payload: Uint8Array, flags: number): void {
    this.#begin(payload.length, FrameType.PING, flags, 0);
    this.#slab.set(payload, this.#end);
    this.#end += payload.length;
  }

  /** Servers open no streams: none of theirs was taken. */
  goAway(code: number): void {
    this.#begin(8, FrameType.GOAWAY, 0, 0);
    this.#end = this.#slab.writeUInt32BE(0, this.#end);
    this.#end = this.#slab.writeUInt32BE(code, this.#end);
  }

  /** The header of a frame, and room for the rest of it. */
  #begin(length: number, type: number, flags: number, streamId: number): void {
    this.#reserve(FRAME_HEADER_BYTES + length);
    this.#slab[this.#end++] = length >>> 16;
    this.#slab[this.#end++] = length >>> 8;
    this.#slab[this.#end++] = length;
    this.#slab[this.#end++] = type;
    this.#slab[this.#end++] = flags;
    this.#end = this.#slab.writeUInt32BE(streamId, this.#end);
  }

  /** What was laid out stays as it is until the socket has sent it: memory is never used again. */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#slab.length) return;
    this.#fullBytes = this.bytes;
    if (this.#end > this.#start) this.#full.push(this.#slab.subarray(this.#start, this.#end));
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes));
    this.#start = 0;
    this.#end = 0;
  }
}

/** Before each message. */
export const PREFIX_BYTES = 5;
