import type { ApiError, Status } from '@keelson/machinery';
import type { KeelsonContext } from './context.js';

/** Writes a Status in the media type the client accepts. */
export type StatusWriter = (ctx: KeelsonContext, status: Status) => void;

/** Sends a whole answer. Filters and small endpoints answer with this; koa's own response handling is bypassed. */
export function reply(ctx: KeelsonContext, code: number, contentType: string, body: string | Uint8Array): void {
  ctx.respond = false;
  const { res } = ctx;
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  res.statusCode = code;
  res.setHeader('Content-Type', contentType);
  res.setHeader('Content-Length', bytes.byteLength);
  ctx.state.responseBytes = bytes.byteLength;
  if (ctx.req.method === 'HEAD') res.end();
  else res.end(bytes);
}

/** Plain text with a final newline and no sniffing: how errors outside of the API look. */
export function replyTextError(ctx: KeelsonContext, code: number, text: string): void {
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  reply(ctx, code, 'text/plain; charset=utf-8', `${text}\n`);
}

export function replyJson(ctx: KeelsonContext, code: number, value: unknown): void {
  reply(ctx, code, 'application/json', `${JSON.stringify(value)}\n`);
}

/** The writer for servers that speak JSON only. */
export const writeJsonStatus: StatusWriter = (ctx, status) => replyJson(ctx, status.code ?? 200, status);

/** Answers with an error's Status. Seconds to wait are a header too, since clients look there. */
export function replyError(ctx: KeelsonContext, error: ApiError, write: StatusWriter): void {
  const seconds = error.status.details?.retryAfterSeconds;
  if (seconds !== undefined && seconds > 0) ctx.res.setHeader('Retry-After', String(seconds));
  write(ctx, error.status);
}
