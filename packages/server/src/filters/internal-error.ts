import { quote } from '@keelson/machinery';
import type { KeelsonContext } from '../http/context.js';
import { replyTextError } from '../http/reply.js';
import { escapeHtml } from './escape-html.js';

/** 500 in plain text: something about the request itself could not be found out. */
export function replyInternalError(ctx: KeelsonContext, error: unknown): void {
  const why = error instanceof Error ? error.message : error;
  replyTextError(ctx, 500, escapeHtml(`Internal Server Error: ${quote(ctx.req.url ?? '')}: ${why}`));
}
