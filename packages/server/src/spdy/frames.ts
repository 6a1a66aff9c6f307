import { uint32 } from './binary.js';

/** Types of control frames (SPDY/3 draft, 2.6). */
export const FrameType = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const;

/** Flag of the last frame of one direction of a stream. */
export const FIN = 0x01;
const CONTROL = 0x80;
const VERSION = 3;
const HEAD_BYTES = 8;
const MAX_DATA_BYTES = 0xff_ffff;
/** Control frames are read whole. */
const MAX_CONTROL_BYTES = 64 * 1024;

export interface ControlFrame {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** A part of a data frame: what has come of it by now. */
export interface DataPiece {
  readonly type?: undefined;
  readonly streamId: number;
  readonly body: Buffer;
  /** True for the end of the last frame of its stream. */
  readonly fin: boolean;
}

/** Frames as they come. Throws on what cannot be one; the rest of a frame that is cut off is not told of. */
export async function* readFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<ControlFrame | DataPiece> {
  let rest: Buffer = Buffer.alloc(0);
  let data: { readonly streamId: number; readonly flags: number; left: number } | undefined;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (data === undefined) {
        if (rest.length < HEAD_BYTES) break;
        const length = rest.readUIntBE(5, 3);
        const flags = rest[4] as number;
        if (((rest[0] as number) & CONTROL) === 0) {
          data = { streamId: rest.readUInt32BE(), flags, left: length };
          rest = rest.subarray(HEAD_BYTES);
          continue;
        }
        checkControl(rest.readUInt16BE() & 0x7fff, length);
        if (rest.length < HEAD_BYTES + length) break;
        yield { type: rest.readUInt16BE(2), flags, body: rest.subarray(HEAD_BYTES, HEAD_BYTES + length) };
        rest = rest.subarray(HEAD_BYTES + length);
        continue;
      }
      const body = rest.subarray(0, data.left);
      rest = rest.subarray(body.length);
      data.left -= body.length;
      const isWhole = data.left === 0;
      if (body.length > 0 || isWhole) yield { streamId: data.streamId, body, fin: isWhole && (data.flags & FIN) !== 0 };
      if (!isWhole) break;
      data = undefined;
    }
  }
}

function checkControl(version: number, length: number): void {
  if (version !== VERSION) throw new Error(`SPDY version ${version} is not supported`);
  if (length > MAX_CONTROL_BYTES) throw new Error(`a SPDY control frame of ${length} bytes is too large`);
}

/** `parts`: what it says, numbers of 32 bits and bytes. */
export function controlFrame(type: number, flags: number, ...parts: readonly (number | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? uint32(part) : part)));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE((CONTROL << 8) | VERSION);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([head, body]);
}

/** Heads of the data frames that a chunk needs, and what of it belongs to each. */
export function* dataFrames(streamId: number, chunk: Buffer, fin: boolean): Iterable<readonly [head: Buffer, body: Buffer]> {
  for (let at = 0; at === 0 || at < chunk.length; at += MAX_DATA_BYTES) {
    const body = chunk.subarray(at, at + MAX_DATA_BYTES);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE(streamId);
    head[4] = fin && at + MAX_DATA_BYTES >= chunk.length ? FIN : 0;
    head.writeUIntBE(body.length, 5, 3);
    yield [head, body];
  }
}
