import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { KeelsonContext } from '../http/context.js';
import { acceptsGzip, GZIP_LEVEL, GZIP_THRESHOLD_BYTES } from './send.js';

const compress = promisify(gzip);

/** Name of content: SHA-512 in upper-case hexadecimal digits, the same on every replica that has the same content. */
export function contentHash(content: Uint8Array | string): string {
  return createHash('sha512').update(content).digest('hex').toUpperCase();
}

/** A body that many clients ask for until what it tells of changes: hashed and compressed once. */
export class CachedBody {
  /** Entity tag, quotes included. */
  readonly etag: string;
  #compressed: Promise<Buffer> | undefined;

  constructor(
    readonly contentType: string,
    readonly bytes: Buffer,
    hash = contentHash(bytes),
  ) {
    this.etag = `"${hash}"`;
  }

  /** Undefined where compression does not pay. */
  compressed(): Promise<Buffer> | undefined {
    if (this.bytes.length < GZIP_THRESHOLD_BYTES) return undefined;
    this.#compressed ??= compress(this.bytes, { level: GZIP_LEVEL });
    return this.#compressed;
  }
}

/** Answers with a cached body, or with 304 to a client that has it. Other headers are the caller's. */
export async function sendCached(ctx: KeelsonContext, body: CachedBody): Promise<void> {
  ctx.respond = false;
  const { res } = ctx.state;
  res.setHeader('Vary', 'Accept, Accept-Encoding');
  res.setHeader('ETag', body.etag);
  if (clientHas(ctx, body.etag)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  const compressed = acceptsGzip(ctx) ? await body.compressed() : undefined;
  if (ctx.state.abandoned || res.destroyed) return;
  const bytes = compressed ?? body.bytes;
  res.statusCode = 200;
  res.setHeader('Content-Type', body.contentType);
  res.setHeader('Content-Length', bytes.length);
  if (compressed !== undefined) res.setHeader('Content-Encoding', 'gzip');
  if (ctx.req.method === 'HEAD') res.end();
  else res.end(bytes);
}

/** RFC 9110, section 13.1.2: compared weakly, so a proxy that compressed the body may mark its tag. */
function clientHas(ctx: KeelsonContext, etag: string): boolean {
  const held = ctx.req.headers['if-none-match'];
  if (held === undefined) return false;
  return held.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
