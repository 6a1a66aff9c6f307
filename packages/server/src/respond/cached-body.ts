import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { auditDocument } from '../audit/response-object.js';
import type { KeelsonContext } from '../http/context.js';
import { acceptsGzip, GZIP_LEVEL, GZIP_THRESHOLD_BYTES } from './send.js';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Name of content: SHA-512 in upper-case hexadecimal digits, the same on every replica that has the same content. */
export function contentHash(content: Uint8Array): string {
  return createHash('sha512').update(content).digest('hex').toUpperCase();
}

/**
 * A body that many clients ask for until what it tells of changes: hashed once, and a large one compressed once and kept
 * in that form alone, as nearly every client takes it so.
 */
export class CachedBody {
  readonly contentType: string;
  /** Entity tag, quotes included. */
  readonly etag: string;
  #plain: Buffer | undefined;
  #compressed: Promise<Buffer> | undefined;

  constructor(contentType: string, bytes: Buffer, tag = contentHash(bytes)) {
    this.contentType = contentType;
    this.etag = `"${tag}"`;
    this.#plain = bytes;
  }

  /** Lets go of the plain form of a large body. */
  async compact(): Promise<void> {
    if (this.#plain === undefined || this.#plain.length < GZIP_THRESHOLD_BYTES) return;
    this.#compressed ??= compress(this.#plain, { level: GZIP_LEVEL });
    await this.#compressed;
    this.#plain = undefined;
  }

  /** Bytes to send, compressed where the client takes that and it pays. */
  async bytes(gzipped: boolean): Promise<{ readonly bytes: Buffer; readonly gzipped: boolean }> {
    if (gzipped) await this.compact();
    if (this.#compressed === undefined) return { bytes: this.#plain ?? Buffer.alloc(0), gzipped: false };
    const compressed = await this.#compressed;
    return gzipped ? { bytes: compressed, gzipped } : { bytes: await decompress(compressed), gzipped };
  }
}

/**
 * Answers with a cached body, or with 304 to a client that has it. Other headers are the caller's. `document`: what it
 * shows, where that is an object of the API.
 */
export async function sendCached(ctx: KeelsonContext, body: CachedBody, document?: object): Promise<void> {
  ctx.respond = false;
  const { res } = ctx.state;
  res.setHeader('Vary', 'Accept, Accept-Encoding');
  res.setHeader('ETag', body.etag);
  if (clientHas(ctx, body.etag)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  if (document !== undefined) auditDocument(ctx, document);
  const { bytes, gzipped } = await body.bytes(acceptsGzip(ctx));
  if (ctx.state.abandoned || res.destroyed) return;
  res.statusCode = 200;
  res.setHeader('Content-Type', body.contentType);
  res.setHeader('Content-Length', bytes.length);
  if (gzipped) res.setHeader('Content-Encoding', 'gzip');
  if (ctx.req.method === 'HEAD') res.end();
  else res.end(bytes);
}

/** RFC 9110, section 13.1.2: compared weakly, as a proxy that changed the encoding marks its tag. */
function clientHas(ctx: KeelsonContext, etag: string): boolean {
  const held = ctx.req.headers['if-none-match'];
  if (held === undefined) return false;
  return held.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
