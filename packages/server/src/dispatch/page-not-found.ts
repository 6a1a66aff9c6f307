import type { KeelsonContext } from '../http/context.js';
import { replyTextError } from '../http/reply.js';

/** Outside of the API a missing page is no Status. */
export function pageNotFound(ctx: KeelsonContext): undefined {
  replyTextError(ctx, 404, '404 page not found');
  return undefined;
}
