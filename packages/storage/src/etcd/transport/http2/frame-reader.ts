import { ConnectionError, ErrorCode, Flag, FRAME_BYTES, FRAME_HEADER_BYTES, FrameType } from './protocol.js';

/** What is done with frames. May throw `ConnectionError`. */
export interface FrameHandler {
  /** Of a DATA frame, as much as came at once; `counted` is what it takes of the windows, padding included. */
  data(streamId: number, bytes: Buffer, counted: number, endsStream: boolean): void;
  /** A whole frame of any other type. */
  frame(type: number, flags: number, streamId: number, payload: Buffer): void;
}

/**
 * Reads frames (RFC 9113, 4.1) from pieces of any size. Data is passed on as it comes and never copied; of other frames
 * those that lie in more than one piece are put together.
 */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #header = Buffer.alloc(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  #inFrame = false;
  #type = 0;
  #flags = 0;
  #streamId = 0;
  /** Bytes of the payload that have not come. */
  #missing = 0;
  /** The payload of a frame that lies in several pieces. */
  #payload: Buffer | undefined;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  push(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) at = this.#inFrame ? this.#readPayload(piece, at) : this.#readHeader(piece, at);
  }

  #readHeader(piece: Buffer, at: number): number {
    if (this.#headerBytes === 0 && piece.length - at >= FRAME_HEADER_BYTES) {
      this.#begin(piece, at);
      return this.#readPayload(piece, at + FRAME_HEADER_BYTES);
    }
    const taken = piece.copy(this.#header, this.#headerBytes, at, at + FRAME_HEADER_BYTES - this.#headerBytes);
    this.#headerBytes += taken;
    if (this.#headerBytes < FRAME_HEADER_BYTES) return at + taken;
    this.#headerBytes = 0;
    this.#begin(this.#header, 0);
    return this.#readPayload(piece, at + taken);
  }

  #begin(header: Buffer, at: number): void {
    // Its 24 bits are the upper ones of these.
    const length = header.readUInt32BE(at) >>> 8;
    if (length > FRAME_BYTES) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `a frame of ${length} bytes`);
    this.#inFrame = true;
    this.#missing = length;
    this.#type = header[at + 3] as number;
    this.#flags = header[at + 4] as number;
    this.#streamId = header.readUInt32BE(at + 5) & 0x7fffffff;
  }

  #readPayload(piece: Buffer, at: number): number {
    const end = Math.min(at + this.#missing, piece.length);
    const whole = end - at === this.#missing;
    if (this.#type === FrameType.DATA && (this.#flags & Flag.PADDED) === 0) this.#passData(piece, at, end, whole);
    else if (whole && this.#payload === undefined) this.#passFrame(piece.subarray(at, end));
    else this.#collect(piece, at, end, whole);
    return end;
  }

  #passData(piece: Buffer, at: number, end: number, whole: boolean): void {
    this.#missing -= end - at;
    this.#inFrame = !whole;
    const endsStream = whole && (this.#flags & Flag.END_STREAM) !== 0;
    if (end > at || whole) this.#handler.data(this.#streamId, piece.subarray(at, end), end - at, endsStream);
  }

  #collect(piece: Buffer, at: number, end: number, whole: boolean): void {
    this.#payload ??= Buffer.allocUnsafe(this.#missing);
    piece.copy(this.#payload, this.#payload.length - this.#missing, at, end);
    this.#missing -= end - at;
    if (whole) this.#passFrame(this.#payload);
  }

  #passFrame(payload: Buffer): void {
    this.#inFrame = false;
    this.#payload = undefined;
    if (this.#type !== FrameType.DATA) this.#handler.frame(this.#type, this.#flags, this.#streamId, payload);
    else this.#handler.data(this.#streamId, unpadded(payload, this.#flags), payload.length, (this.#flags & Flag.END_STREAM) !== 0);
  }
}

/** The payload of a DATA or HEADERS frame without what fills it up (RFC 9113, 6.1). */
export function unpadded(payload: Buffer, flags: number): Buffer {
  if ((flags & Flag.PADDED) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a padded frame without the length of its padding');
  if (padding >= payload.length) throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, 'more padding than payload');
  return payload.subarray(1, payload.length - padding);
}
