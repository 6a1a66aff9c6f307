import { serviceUnavailable } from '@keelson/machinery';
import type { Filter, RequestState } from '../http/context.js';
import { replyTextError } from '../http/reply.js';

/** Health and metrics are asked for until the very end. */
const exemptPrefixes = ['/readyz', '/livez', '/healthz', '/metrics'];
/** Another server of the cluster that forwards a request has no other server to turn to. */
const exemptAgent = 'kube-apiserver/';

/** Sends clients to another replica once this one takes no new work, and their connections with them (`--shutdown-send-retry-after`). */
export function retryElsewhereWhenClosing(closing: () => boolean): Filter {
  return (ctx, next) => {
    if (!closing() || isExempt(ctx.state)) return next();
    const { res, state } = ctx;
    if (state.stream) state.stream.session?.close();
    else res.setHeader('Connection', 'close');
    res.setHeader('Retry-After', '5');
    replyTextError(ctx, 429, 'The apiserver is shutting down, please try again later.');
    return undefined;
  };
}

/** Refuses what still comes on open connections once no new ones are accepted. */
export function refuseWhenClosing(closing: () => boolean): Filter {
  return (ctx, next) => {
    if (!closing() || isExempt(ctx.state)) return next();
    ctx.res.setHeader('Retry-After', '1');
    ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
    throw serviceUnavailable('apiserver is shutting down');
  };
}

function isExempt({ info, req }: RequestState): boolean {
  return exemptPrefixes.some((prefix) => info.path.startsWith(prefix)) || req.headers['user-agent']?.startsWith(exemptAgent) === true;
}
