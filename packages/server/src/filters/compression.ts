import type { Filter } from '../http/context.js';

/** Answers as to a client that takes nothing compressed. */
export const forbidCompression: Filter = (ctx, next) => {
  delete ctx.req.headers['accept-encoding'];
  return next();
};
