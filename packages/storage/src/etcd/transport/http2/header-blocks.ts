import { unpadded } from './frame-reader.js';
import { ConnectionError, ErrorCode, Flag, FrameType } from './protocol.js';

/** Messages of errors are short; this much is told to the peer, too. */
export const MAX_BLOCK_BYTES = 64 * 1024;
/** Stream dependency and weight (RFC 9113, 6.2). */
const PRIORITY_BYTES = 5;

/** The fields that a response begins or ends with, encoded. */
export interface HeaderBlock {
  readonly streamId: number;
  readonly endsStream: boolean;
  readonly bytes: Buffer;
}

/** Puts blocks together that come in one HEADERS and any number of CONTINUATION frames (RFC 9113, 4.3). */
export class HeaderBlocks {
  #begun: { readonly streamId: number; readonly endsStream: boolean; readonly parts: Buffer[]; bytes: number } | undefined;

  /** Nothing may come between the frames of a block. */
  check(type: number, streamId: number): void {
    const wanted = this.#begun !== undefined;
    if ((type === FrameType.CONTINUATION) === wanted && (!wanted || streamId === this.#begun?.streamId)) return;
    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `a frame of type ${type} ${wanted ? 'within' : 'without'} a header block`);
  }

  /** A HEADERS frame; the block, if that was all of it. */
  headers(flags: number, streamId: number, payload: Buffer): HeaderBlock | undefined {
    const part = unpadded(payload, flags);
    const skipped = (flags & Flag.PRIORITY) === 0 ? 0 : PRIORITY_BYTES;
    if (part.length < skipped) throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, 'a HEADERS frame without its priority');
    const endsStream = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) !== 0) return { streamId, endsStream, bytes: part.subarray(skipped) };
    this.#begun = { streamId, endsStream, parts: [], bytes: 0 };
    return this.continuation(0, part.subarray(skipped));
  }

  /** The part of a frame that follows; the block, if it ends with it. */
  continuation(flags: number, part: Buffer): HeaderBlock | undefined {
    const begun = this.#begun;
    if (begun === undefined) return undefined;
    begun.parts.push(Buffer.from(part));
    // An empty part counts, too.
    begun.bytes += part.length + 1;
    if (begun.bytes > MAX_BLOCK_BYTES) throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, 'a header block that does not end');
    if ((flags & Flag.END_HEADERS) === 0) return undefined;
    this.#begun = undefined;
    return { streamId: begun.streamId, endsStream: begun.endsStream, bytes: Buffer.concat(begun.parts) };
  }
}
