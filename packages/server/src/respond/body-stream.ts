import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { KeelsonContext } from '../http/context.js';
import { acceptsGzip, GZIP_LEVEL, GZIP_THRESHOLD_BYTES } from './send.js';
import { drained, isOver, wire } from './wire.js';

/** Big bodies leave in pieces of this size: fewer writes than objects, and a bounded part of them in memory. */
const PIECE_BYTES = 256 * 1024;

/** Writing this much on its own costs less than copying it. */
const LARGE_BYTES = 32 * 1024;

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
  #compressor: Writable | undefined;

  readonly #encoded: boolean;

  /** `encoding`: what is added is compressed already. */
  constructor(ctx: KeelsonContext, code: number, contentType: string, encoding?: 'gzip') {
    ctx.respond = false;
    this.#ctx = ctx;
    this.#code = code;
    this.#contentType = contentType;
    this.#encoded = encoding === 'gzip';
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#bytes += part.length;
  }

  /** Time to flush. */
  get full(): boolean {
    return this.#bytes >= PIECE_BYTES;
  }

  /** Writes what was collected; resolves when the reader can take more. False: nobody reads on. */
  async flush(): Promise<boolean> {
    const { state } = this.#ctx;
    if (isOver(state)) return false;
    const out = this.#open();
    if (!out.write(this.#take())) await drained(state, this.#compressor ?? wire(state));
    return !isOver(state);
  }

  end(): void {
    const { state } = this.#ctx;
    if (isOver(state)) return;
    const out = this.#open();
    // Not compressed here and nothing sent: this is the whole body.
    const isWhole = out === state.res && !state.res.headersSent;
    if (isWhole) state.res.setHeader('Content-Length', this.#bytes);
    if (isWhole && state.stream === undefined && this.#parts.some(isLarge)) this.#endInParts();
    else out.end(this.#take());
  }

  /** Copies no large part: the socket takes them as they are. */
  #endInParts(): void {
    const { res } = this.#ctx.state;
    const parts = this.#parts;
    res.cork();
    while (parts.length > 0) {
      const large = parts.findIndex(isLarge);
      const small = parts.splice(0, large < 0 ? parts.length : large);
      if (small.length > 0) this.#write(Buffer.concat(small));
      const next = parts.shift();
      if (next !== undefined) this.#write(next);
    }
    res.end();
  }

  #write(part: Buffer): void {
    const { state } = this.#ctx;
    state.responseBytes += part.length;
    state.res.write(part);
  }

  #take(): Buffer {
    const piece = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#bytes);
    this.#ctx.state.responseBytes += this.#bytes;
    this.#parts = [];
    this.#bytes = 0;
    return piece;
  }

  /** What takes the next piece; the first one decides. */
  #open(): Writable {
    const { res } = this.#ctx.state;
    if (this.#compressor !== undefined) return this.#compressor;
    if (res.headersSent) return res;
    res.statusCode = this.#code;
    res.setHeader('Content-Type', this.#contentType);
    const compresses = !this.#encoded && this.#bytes >= GZIP_THRESHOLD_BYTES && acceptsGzip(this.#ctx);
    if (this.#encoded || compresses) {
      res.setHeader('Content-Encoding', 'gzip');
      res.setHeader('Vary', 'Accept-Encoding');
    }
    return compresses ? this.#compress() : res;
  }

  #compress(): Writable {
    const { res } = this.#ctx.state;
    const compressor = createGzip({ level: GZIP_LEVEL, chunkSize: 64 * 1024 });
    // A cut response leaves the compressor with what nobody reads any more.
    res.once('close', () => compressor.destroy());
    compressor.pipe(res);
    this.#compressor = compressor;
    return compressor;
  }
}

function isLarge(part: Buffer): boolean {
  return part.length >= LARGE_BYTES;
}
