import { gzip } from 'node:zlib';
import type { KeelsonContext, RequestState } from '../http/context.js';
import { isOver, wire } from './wire.js';

/** Bodies from this size on are compressed for clients that accept gzip. */
export const GZIP_THRESHOLD_BYTES = 128 * 1024;
/** As the reference server: speed over ratio. */
export const GZIP_LEVEL = 1;

const ACCEPTS_GZIP = /(?:^|,)\s*gzip\s*(?:;|,|$)/;

export function acceptsGzip(ctx: KeelsonContext): boolean {
  const accepted = ctx.req.headers['accept-encoding'];
  return typeof accepted === 'string' && ACCEPTS_GZIP.test(accepted);
}

/** Answers with one buffer, compressed off the loop where that pays. */
export function sendBody(ctx: KeelsonContext, code: number, contentType: string, body: Buffer): void {
  ctx.respond = false;
  const { res } = ctx.state;
  if (isAnswered(ctx.state)) return;
  res.statusCode = code;
  res.setHeader('Content-Type', contentType);
  if (body.length < GZIP_THRESHOLD_BYTES || !acceptsGzip(ctx)) {
    end(ctx, body);
    return;
  }
  gzip(body, { level: GZIP_LEVEL }, (error, compressed) => {
    if (isAnswered(ctx.state)) return;
    if (error === null) {
      res.setHeader('Content-Encoding', 'gzip');
      res.setHeader('Vary', 'Accept-Encoding');
    }
    end(ctx, error === null ? compressed : body);
  });
}

/** That a request was late is told, too: only what would have been its answer is not. */
function isAnswered(state: RequestState): boolean {
  return state.res.writableEnded || (state.failed ? wire(state).destroyed : isOver(state));
}

function end(ctx: KeelsonContext, body: Buffer): void {
  const { res } = ctx.state;
  res.setHeader('Content-Length', body.length);
  ctx.state.responseBytes = body.length;
  if (ctx.req.method === 'HEAD') res.end();
  else res.end(body);
}
