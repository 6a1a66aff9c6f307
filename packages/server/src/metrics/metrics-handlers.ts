import { once } from 'node:events';
import type { PathLayer } from '../dispatch/path-layer.js';
import type { KeelsonContext } from '../http/context.js';
import type { MetricsRegistry } from './metrics-registry.js';

const contentType = 'text/plain; version=0.0.4; charset=utf-8';
/** Lines are collected to pieces of this size, and the event loop gets its turn after each. */
const pieceLength = 32 * 1024;

/** Serves `/metrics`, and the metrics of service levels on their own below it. */
export function installMetrics(paths: PathLayer, all: MetricsRegistry, serviceLevels: MetricsRegistry): void {
  paths.handle('/metrics', (ctx) => answer(ctx, all));
  paths.handle('/metrics/slis', (ctx) => answer(ctx, serviceLevels));
}

async function answer(ctx: KeelsonContext, registry: MetricsRegistry): Promise<void> {
  ctx.respond = false;
  const { res, state } = ctx;
  res.statusCode = 200;
  res.setHeader('Content-Type', contentType);
  let piece = '';
  for await (const lines of registry.render()) {
    piece += lines;
    if (piece.length < pieceLength) continue;
    if (!res.write(piece) && !state.aborted) await once(res, 'drain', { signal: state.signal });
    piece = '';
    await new Promise(setImmediate);
    if (state.aborted) return;
  }
  res.end(piece);
}
