import type { Filter } from '../http/context.js';

/** Nothing may be kept by proxies or browsers unless an endpoint says otherwise. */
export const forbidCaching: Filter = (ctx, next) => {
  ctx.res.setHeader('Cache-Control', 'no-cache, private');
  return next();
};
