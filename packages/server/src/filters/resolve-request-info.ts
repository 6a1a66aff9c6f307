import { ApiError, quote } from '@keelson/machinery';
import type { Filter, KeelsonContext } from '../http/context.js';
import { replyTextError } from '../http/reply.js';
import { escapeHtml } from './escape-html.js';
import { parseRequestInfo } from './request-info.js';

/** Says what the request asks for, and whether it lasts: everything below relies on `state.info`. */
export const resolveRequestInfo: Filter = (ctx, next) => {
  const { state, req } = ctx;
  try {
    state.info = parseRequestInfo(req.method ?? '', req.url ?? '', state);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    refuse(ctx, error);
    return undefined;
  }
  return next();
};

function refuse(ctx: KeelsonContext, error: unknown): void {
  const why = `failed to create RequestInfo: ${error instanceof Error ? error.message : error}`;
  replyTextError(ctx, 500, escapeHtml(`Internal Server Error: ${quote(ctx.req.url ?? '')}: ${why}`));
}
