import type { Filter } from '../http/context.js';
import { replyTextError } from '../http/reply.js';

/** Health is asked for until the very end. */
const exempt = new Set(['/healthz', '/livez', '/readyz']);

/** Sends clients to another replica once this one takes no new work (`--shutdown-send-retry-after`). */
export function retryAfterWhenClosing(closing: () => boolean): Filter {
  return (ctx, next) => {
    if (!closing() || exempt.has(ctx.state.info.path)) return next();
    const { res, state } = ctx;
    if (state.stream) state.stream.session?.close();
    else res.setHeader('Connection', 'close');
    res.setHeader('Retry-After', '5');
    replyTextError(ctx, 429, 'The apiserver is shutting down, please try again later.');
    return undefined;
  };
}
