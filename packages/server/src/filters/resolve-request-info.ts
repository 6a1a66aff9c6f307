import { ApiError } from '@keelson/machinery';
import type { Filter } from '../http/context.js';
import { replyInternalError } from './internal-error.js';
import { parseRequestInfo } from './request-info.js';

/** Says what the request asks for, and whether it lasts: everything below relies on `state.info`. */
export const resolveRequestInfo: Filter = (ctx, next) => {
  const { state, req } = ctx;
  try {
    state.info = parseRequestInfo(req.method ?? '', req.url ?? '', state);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    replyInternalError(ctx, `failed to create RequestInfo: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  return next();
};
