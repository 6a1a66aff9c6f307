import { pathNotFound } from '@keelson/machinery';
import type { Handler } from '../http/context.js';
import type { Layer } from './layer.js';
import { pageNotFound } from './page-not-found.js';

/** The innermost handler: passes a request down the server chain until a layer serves it. */
export function dispatch(layers: readonly Layer[]): Handler {
  return (ctx) => {
    // Rights are asked for as if there were one slash, but nothing is at such a path.
    if (ctx.state.info.path.startsWith('//')) return pageNotFound(ctx);
    for (const layer of layers) {
      const handler = layer.resolve(ctx);
      if (handler !== undefined) return handler(ctx);
    }
    throw pathNotFound();
  };
}
