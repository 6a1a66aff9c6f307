import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { uint32, withLength } from './binary.js';
import { headerDictionary } from './header-dictionary.js';

/** Headers of a stream by name in lower case; several values of one name are one text each. */
export type SpdyHeaders = Readonly<Record<string, readonly string[]>>;

/** All headers of one frame, decompressed: streams of consoles have two or three short ones. */
const MAX_BYTES = 64 * 1024;
const SEPARATOR = '\0';

/** Header blocks of one connection: each is compressed with what went before it, so they are coded in the order of their frames. */
export class HeaderCodec {
  readonly #deflate = createDeflate({ dictionary: headerDictionary, level: constants.Z_BEST_COMPRESSION });
  readonly #inflate = createInflate({ dictionary: headerDictionary });

  encode(headers: SpdyHeaders): Promise<Buffer> {
    const entries = Object.entries(headers);
    const texts = entries.flatMap(([name, values]) => [name.toLowerCase(), values.join(SEPARATOR)]);
    return through(this.#deflate, Buffer.concat([uint32(entries.length), ...texts.map(withLength)]));
  }

  /** Rejects what is not a header block. */
  async decode(block: Buffer): Promise<SpdyHeaders> {
    const bytes = await through(this.#inflate, block);
    let at = 0;
    const next = (length: number) => {
      at += length;
      if (at > bytes.length) throw new Error('a SPDY header block is cut off');
      return bytes.subarray(at - length, at);
    };
    const text = () => next(next(4).readUInt32BE()).toString();
    const headers: Record<string, string[]> = Object.create(null);
    for (let left = next(4).readUInt32BE(); left > 0; left--) headers[text()] = text().split(SEPARATOR);
    return headers;
  }

  close(): void {
    this.#deflate.close();
    this.#inflate.close();
  }
}

/** What comes out for a piece that goes in, all of it. */
function through(codec: Deflate | Inflate, piece: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const settle = (outcome: () => void) => {
      codec.off('data', collect).off('error', fail);
      outcome();
    };
    const fail = (error: Error) => settle(() => reject(error));
    const collect = (bytes: Buffer) => {
      pieces.push(bytes);
      length += bytes.length;
      if (length > MAX_BYTES) codec.destroy(new Error('a SPDY header block is too large'));
    };
    codec.on('data', collect).on('error', fail);
    codec.write(piece);
    codec.flush(constants.Z_SYNC_FLUSH, () => settle(() => resolve(Buffer.concat(pieces))));
  });
}
