import { afterEach, describe, expect, it, vi } from 'vitest';
import { dispatch } from '../dispatch/dispatch.js';
import { PathLayer } from '../dispatch/path-layer.js';
import { askHttp1 } from '../http/testing/clients.js';
import { startServer, stopServers } from '../http/testing/running-server.js';
import { EVERYWHERE, HealthChecks } from './health-checks.js';
import { installHealth } from './health-handlers.js';

afterEach(stopServers);

async function startHealth(checks: HealthChecks) {
  const paths = new PathLayer();
  let log: { readonly lines: string[] } | undefined;
  const logger = {
    error: (message: string) => log?.lines.push(message),
    warn: (message: string) => log?.lines.push(message),
    info: () => undefined,
    enabled: () => false,
  };
  installHealth(paths, checks, logger as never);
  const server = await startServer(dispatch([paths]));
  log = server.log;
  return server;
}

describe('health', () => {
  it('answers ok, and each check when asked', async () => {
    const checks = new HealthChecks();
    checks.add('etcd', () => undefined, ['healthz']);
    const { port } = await startHealth(checks);
    const short = await askHttp1(port, '/healthz', { method: 'POST', body: '{"kind":"X"}' });
    expect([short.status, short.text, short.headers['x-content-type-options']]).toEqual([200, 'ok', 'nosniff']);
    expect((await askHttp1(port, '/healthz?verbose')).text).toBe('[+]ping ok\n[+]log ok\n[+]etcd ok\nhealthz check passed\n');
    const one = await askHttp1(port, '/readyz/ping');
    expect([one.status, one.text, one.headers['x-content-type-options']]).toEqual([200, 'ok', undefined]);
    for (const path of ['/livez/nope', '/readyz/etcd']) {
      const none = await askHttp1(port, path);
      expect([none.status, none.text]).toEqual([404, '404 page not found\n']);
    }
  });

  it('has a path for each check, of which `/` tells', () => {
    const paths = new PathLayer();
    const checks = new HealthChecks();
    installHealth(paths, checks, {} as never);
    checks.add('poststarthook/rbac/bootstrap-roles', () => undefined, ['readyz']);
    expect(paths.paths).toEqual([
      '/healthz',
      '/healthz/log',
      '/healthz/ping',
      '/livez',
      '/livez/log',
      '/livez/ping',
      '/readyz',
      '/readyz/log',
      '/readyz/ping',
      '/readyz/poststarthook/rbac/bootstrap-roles',
    ]);
  });

  it('withholds the reason of a failure from the list and logs it', async () => {
    const results: string[] = [];
    const checks = new HealthChecks((name, endpoint, passed) => results.push(`${endpoint} ${name} ${passed}`));
    checks.add('etcd', () => Promise.reject(new Error('10.0.0.1 is down')), ['readyz']);
    const hookDone = checks.addPostStartHook('rbac/bootstrap-roles');
    const { port, log } = await startHealth(checks);
    const failed = await askHttp1(port, '/readyz');
    expect([failed.status, failed.text]).toEqual([
      500,
      '[+]ping ok\n[+]log ok\n[-]etcd failed: reason withheld\n[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\nreadyz check failed\n',
    ]);
    expect(log.lines).toEqual(['readyz check failed', 'readyz check failed']);
    expect((await askHttp1(port, '/readyz/poststarthook/rbac/bootstrap-roles')).text).toBe('internal server error: not finished\n');
    hookDone();
    expect((await askHttp1(port, '/livez')).text).toBe('ok');
    expect(results).toContain('readyz etcd false');
    expect(results).toContain('livez poststarthook/rbac/bootstrap-roles true');
  });

  it('leaves out what is excluded, and says what cannot be', async () => {
    const checks = new HealthChecks();
    checks.add('etcd', () => {
      throw new Error('down');
    });
    const { port } = await startHealth(checks);
    expect((await askHttp1(port, '/healthz?exclude=etcd')).text).toBe('ok');
    expect((await askHttp1(port, '/healthz?verbose&exclude=etcd&exclude=b&exclude=a')).text).toBe(
      '[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\nwarn: some health checks cannot be excluded: no matches for "a","b"\nhealthz check passed\n',
    );
  });

  it('leaves a server time for its hooks before it is to be restarted', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const checks = new HealthChecks(undefined, 60_000);
    checks.addPostStartHook('slow');
    const passes = async () =>
      Promise.all(EVERYWHERE.map(async (endpoint) => (await checks.runOne(endpoint, 'poststarthook/slow'))?.error === undefined));
    vi.advanceTimersByTime(59_999);
    expect(await passes()).toEqual([false, true, false]);
    vi.advanceTimersByTime(1);
    expect(await passes()).toEqual([false, false, false]);
    vi.useRealTimers();
  });
});
