import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { combineCrc, crcShift } from './crc32-combine.js';

const compress = promisify<Buffer, object, Buffer>(deflateRaw);

/** Compressed once and sent often: half the size of level 1 for a third more time. */
const LEVEL = 6;

/** A part of a text that is compressed on its own, so that it can be put behind and before any others. */
export interface GzipFragment {
  readonly compressed: Buffer;
  /** Of the text. */
  readonly bytes: number;
  readonly crc: number;
  /** `crcShift` of `bytes`. */
  readonly shift: number;
}

/** Flushed to a whole byte, and without reference to what came before. */
export async function deflateFragment(text: Buffer): Promise<GzipFragment> {
  const compressed = await compress(text, { level: LEVEL, finishFlush: constants.Z_FULL_FLUSH });
  return fragment(compressed, text);
}

const STORED_LIMIT_BYTES = 0xffff;
const STORED_HEAD_BYTES = 5;

/** A short text as it is: cheaper than a compressor for what is written once. RFC 1951, section 3.2.4. */
export function storedFragment(text: Buffer): GzipFragment {
  if (text.length > STORED_LIMIT_BYTES) throw new RangeError('a stored block holds up to 64 KiB');
  const block = Buffer.allocUnsafe(STORED_HEAD_BYTES + text.length);
  block[0] = 0;
  block.writeUInt16LE(text.length, 1);
  block.writeUInt16LE(~text.length & 0xffff, 3);
  text.copy(block, STORED_HEAD_BYTES);
  return fragment(block, text);
}

function fragment(compressed: Buffer, text: Buffer): GzipFragment {
  return { compressed, bytes: text.length, crc: crc32(text), shift: crcShift(text.length) };
}

/** Deflate, no name, no time, fastest, Unix: RFC 1952, section 2.3. */
export const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 3]);

/** An empty last block. */
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** Keeps account of the fragments of one gzip member, for its end. */
export class GzipSum {
  #crc = 0;
  #bytes = 0;

  add({ crc, bytes, shift }: GzipFragment): void {
    this.#crc = combineCrc(this.#crc, crc, shift);
    this.#bytes += bytes;
  }

  /** All so far as one, `compressed` being their bytes in a row. */
  joined(compressed: Buffer): GzipFragment {
    return { compressed, bytes: this.#bytes, crc: this.#crc, shift: crcShift(this.#bytes) };
  }

  /** Last block, checksum and length of the whole text. */
  tail(): Buffer {
    const trailer = Buffer.allocUnsafe(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#bytes % 2 ** 32, 4);
    return Buffer.concat([LAST_BLOCK, trailer]);
  }
}
