import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { KeelsonContext } from '../http/context.js';
import { acceptsGzip, GZIP_LEVEL, GZIP_THRESHOLD_BYTES } from './send.js';

/** Big bodies leave in pieces of this size: fewer writes than objects, and a bounded part of them in memory. */
const PIECE_BYTES = 256 * 1024;

/**
 * A response body written piece by piece at the pace of its reader. Collects small parts into large writes; whether it
 * is compressed is decided when the first one leaves.
 */
export class BodyStream {
  readonly #ctx: KeelsonContext;
  readonly #code: number;
  readonly #contentType: string;
  #parts: Buffer[] = [];
  #bytes = 0;
  #out: Writable | undefined;

  constructor(ctx: KeelsonContext, code: number, contentType: string) {
    ctx.respond = false;
    this.#ctx = ctx;
    this.#code = code;
    this.#contentType = contentType;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#bytes += part.length;
  }

  /** Time to flush. */
  get full(): boolean {
    return this.#bytes >= PIECE_BYTES;
  }

  /** Writes what was collected; resolves when the reader can take more. False: the reader has gone. */
  async flush(): Promise<boolean> {
    const { state } = this.#ctx;
    if (state.abandoned || state.res.destroyed) return false;
    const out = this.#open();
    const piece = this.#take();
    if (out.write(piece)) return true;
    await Promise.race([once(out, 'drain', { signal: state.signal }), once(state.res, 'close')]).catch(() => undefined);
    return !state.res.destroyed && !state.aborted;
  }

  end(): void {
    const { state } = this.#ctx;
    if (state.abandoned || state.res.destroyed) return;
    if (this.#out === undefined && this.#bytes < GZIP_THRESHOLD_BYTES) state.res.setHeader('Content-Length', this.#bytes);
    this.#open().end(this.#take());
  }

  #take(): Buffer {
    const piece = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    return piece;
  }

  #open(): Writable {
    if (this.#out !== undefined) return this.#out;
    const { res } = this.#ctx.state;
    res.statusCode = this.#code;
    res.setHeader('Content-Type', this.#contentType);
    if (this.#bytes < GZIP_THRESHOLD_BYTES || !acceptsGzip(this.#ctx)) {
      this.#out = res;
    } else {
      res.setHeader('Content-Encoding', 'gzip');
      res.setHeader('Vary', 'Accept-Encoding');
      const compressor = createGzip({ level: GZIP_LEVEL, chunkSize: 64 * 1024 });
      compressor.pipe(res);
      this.#out = compressor;
    }
    return this.#out;
  }
}
