import type { ServerResponse } from 'node:http';
import { constants } from 'node:http2';
import type { Filter, KeelsonContext } from '../http/context.js';
import { replyError, type StatusWriter } from '../http/reply.js';
import type { Log } from '../logging/log.js';
import { apiErrorFromUnknown } from './api-error-from-unknown.js';
import type { FilterEvents } from './filter-events.js';

export interface ErrorsOptions {
  readonly writeStatus: StatusWriter;
  readonly log: Log;
  readonly events?: Pick<FilterEvents, 'aborted'>;
}

/** The one catch: whatever is thrown below becomes a Status, or ends the response that has already begun. */
export function answerErrors(options: ErrorsOptions): Filter {
  return (ctx, next) => {
    try {
      return next()?.catch((error) => answer(ctx, error, options));
    } catch (error) {
      answer(ctx, error, options);
      return undefined;
    }
  };
}

function answer(ctx: KeelsonContext, thrown: unknown, { writeStatus, log, events }: ErrorsOptions): void {
  const { state, res } = ctx;
  ctx.respond = false;
  if (state.clientGone) return;
  const error = apiErrorFromUnknown(thrown, state);
  if (error.code >= 500 && error !== thrown) {
    log.error('request failed', { method: ctx.req.method, path: state.info.path, auditID: state.auditId, error: thrown });
  }
  if (res.headersSent) breakOff(ctx, res, events);
  else {
    state.failed = true;
    replyError(ctx, error, writeStatus);
  }
}

/** The client must not take a cut body for a whole one. */
function breakOff({ state }: KeelsonContext, res: ServerResponse, events: ErrorsOptions['events']): void {
  if (res.writableEnded) return;
  events?.aborted(state);
  if (state.stream) state.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else res.destroy();
}
