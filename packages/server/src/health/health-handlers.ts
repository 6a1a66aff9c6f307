import { quote } from '@keelson/machinery';
import type { PathLayer } from '../dispatch/path-layer.js';
import type { KeelsonContext } from '../http/context.js';
import { reply, replyTextError } from '../http/reply.js';
import type { Log } from '../logging/log.js';
import type { RouteInstruments } from '../metrics/requests/request-metrics.js';
import { type CheckResult, EVERYWHERE, type HealthChecks, type HealthEndpoint } from './health-checks.js';

const PLAIN = 'text/plain; charset=utf-8';

/** Serves `/healthz`, `/livez`, `/readyz`, counted where `instruments` says, and a path below them for each check. */
export function installHealth(paths: PathLayer, checks: HealthChecks, log: Log, instruments?: (path: string) => RouteInstruments): void {
  for (const endpoint of EVERYWHERE) {
    const route = instruments?.(`/${endpoint}`);
    const answer = (ctx: KeelsonContext): Promise<void> => {
      ctx.state.route = route;
      return answerAll(ctx, checks, endpoint, log);
    };
    paths.handle(`/${endpoint}`, answer, 'any');
    const one = (ctx: KeelsonContext) => answerOne(ctx, checks, endpoint, ctx.state.info.path.slice(endpoint.length + 2));
    paths.handlePrefix(`/${endpoint}/`, one, 'any', () => checks.names(endpoint));
  }
}

async function answerAll(ctx: KeelsonContext, checks: HealthChecks, endpoint: HealthEndpoint, log: Log): Promise<void> {
  const { query } = ctx.state;
  const excluded = new Set(query.getAll('exclude'));
  const results = await checks.run(endpoint, excluded);
  const failed = results.filter(({ error }) => error !== undefined);
  for (const { name, error } of failed)
    log.warn(`${endpoint} check failed`, { check: name, reason: error instanceof Error ? error.message : String(error) });
  const known = new Set(checks.names(endpoint));
  const unknown = [...excluded].filter((name) => !known.has(name)).sort();
  if (failed.length > 0) return replyTextError(ctx, 500, `${lines(results, unknown)}${endpoint} check failed`);
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  reply(ctx, 200, PLAIN, query.has('verbose') ? `${lines(results, unknown)}${endpoint} check passed\n` : 'ok');
}

async function answerOne(ctx: KeelsonContext, checks: HealthChecks, endpoint: HealthEndpoint, name: string): Promise<void> {
  const result = await checks.runOne(endpoint, name);
  if (result === undefined) return replyTextError(ctx, 404, '404 page not found');
  if (result.error === undefined) return reply(ctx, 200, PLAIN, 'ok');
  const why = result.error instanceof Error ? result.error.message : String(result.error);
  replyTextError(ctx, 500, `internal server error: ${why}`);
}

function lines(results: readonly CheckResult[], unknown: readonly string[]): string {
  const told = results.map(({ name, excluded, error }) => {
    if (excluded) return `[+]${name} excluded: ok\n`;
    return error === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`;
  });
  const warning =
    unknown.length === 0
      ? ''
      : `warn: some health checks cannot be excluded: no matches for ${unknown.map((name) => quote(name)).join(',')}\n`;
  return told.join('') + warning;
}
