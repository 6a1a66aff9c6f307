import type { PathLayer } from '../dispatch/path-layer.js';
import type { KeelsonContext } from '../http/context.js';
import { reply, replyTextError } from '../http/reply.js';
import type { Log } from '../logging/log.js';
import { type CheckResult, EVERYWHERE, type HealthChecks, type HealthEndpoint } from './health-checks.js';

/** Serves `/healthz`, `/livez`, `/readyz` and a path below them for each check. */
export function installHealth(paths: PathLayer, checks: HealthChecks, log: Log): void {
  for (const endpoint of EVERYWHERE) {
    paths.handle(`/${endpoint}`, (ctx) => answer(ctx, checks, endpoint, undefined, log), 'any');
    paths.handlePrefix(`/${endpoint}/`, (ctx) => answer(ctx, checks, endpoint, ctx.state.info.path.slice(endpoint.length + 2), log), 'any');
  }
}

async function answer(
  ctx: KeelsonContext,
  checks: HealthChecks,
  endpoint: HealthEndpoint,
  only: string | undefined,
  log: Log,
): Promise<void> {
  ctx.respond = false;
  const { query } = ctx.state;
  const excluded = new Set(query.getAll('exclude'));
  const results = await checks.run(endpoint, excluded, only);
  if (results === undefined) return replyTextError(ctx, 404, '404 page not found');
  const failed = results.filter(({ error }) => error !== undefined);
  for (const { name, error } of failed) log.warn(`${endpoint} check failed`, { check: name, error });
  ctx.res.setHeader('X-Content-Type-Options', 'nosniff');
  const unknown = [...excluded].filter((name) => !checks.names(endpoint).includes(name));
  if (failed.length > 0)
    return reply(ctx, 500, 'text/plain; charset=utf-8', `${lines(results, unknown)}${only ?? endpoint} check failed\n`);
  const body = query.has('verbose') ? `${lines(results, unknown)}${endpoint} check passed\n` : 'ok';
  reply(ctx, 200, 'text/plain; charset=utf-8', body);
}

function lines(results: readonly CheckResult[], unknown: readonly string[]): string {
  const told = results.map(({ name, excluded, error }) => {
    if (excluded) return `[+]${name} excluded: ok\n`;
    return error === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`;
  });
  const warning =
    unknown.length === 0
      ? ''
      : `warn: some health checks cannot be excluded: no matches for ${unknown.map((name) => JSON.stringify(name)).join(',')}\n`;
  return told.join('') + warning;
}
