import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { methodNotAllowed } from '@keelson/machinery';
import type { PathLayer } from '../dispatch/path-layer.js';
import type { Handler, KeelsonContext } from '../http/context.js';
import { acceptsGzip } from '../respond/send.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** Names need no escape, but scrapers want to hear how it would have been done. */
const contentType = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores';
/** Lines are collected to pieces of this size, and the event loop gets its turn after each. */
const pieceLength = 32 * 1024;

/**
 * Serves `/metrics`, and the metrics of service levels on their own below it. Text is all there is: scrapers that would
 * rather have OpenMetrics or protobuf take it, too.
 */
export function installMetrics(paths: PathLayer, all: MetricsRegistry, serviceLevels: MetricsRegistry): void {
  paths.handle('/metrics', serve(all), 'any');
  paths.handle('/metrics/slis', serve(serviceLevels), 'any');
}

/** Nothing is reset, which Kubernetes does by DELETE. */
function serve(registry: MetricsRegistry): Handler {
  return (ctx) => {
    if (ctx.req.method === 'DELETE') throw methodNotAllowed();
    return answer(ctx, registry);
  };
}

async function answer(ctx: KeelsonContext, registry: MetricsRegistry): Promise<void> {
  ctx.respond = false;
  const { res } = ctx;
  res.statusCode = 200;
  res.setHeader('Content-Type', contentType);
  if (!acceptsGzip(ctx)) return writeAll(ctx, registry, res);
  res.setHeader('Content-Encoding', 'gzip');
  const gzip = createGzip();
  gzip.pipe(res);
  await writeAll(ctx, registry, gzip);
}

/** In pieces, at the reader's pace, until it is over or the reader has gone. */
async function writeAll({ state }: KeelsonContext, registry: MetricsRegistry, out: Writable): Promise<void> {
  let piece = '';
  for await (const lines of registry.render()) {
    piece += lines;
    if (piece.length < pieceLength) continue;
    if (!out.write(piece) && !state.aborted) await once(out, 'drain', { signal: state.signal });
    piece = '';
    await new Promise(setImmediate);
    if (state.aborted) break;
  }
  if (state.aborted) out.destroy();
  else out.end(piece);
}
