import { afterEach, describe, expect, it } from 'vitest';
import { dispatch } from '../dispatch/dispatch.js';
import { PathLayer } from '../dispatch/path-layer.js';
import { InFlightRequests } from '../filters/in-flight.js';
import { MaxInFlight } from '../filters/max-in-flight.js';
import { askHttp1 } from '../http/testing/clients.js';
import { answerOk, startServer, stopServers } from '../http/testing/running-server.js';
import { CollectedFamily, CounterFamily, HistogramFamily } from './family.js';
import { exponentialBounds } from './histogram.js';
import { installMetrics } from './metrics-handlers.js';
import { MetricsRegistry } from './metrics-registry.js';
import { RequestMetrics } from './request-metrics.js';
import { AuthenticationMetrics, addConcurrencyMetrics, HealthMetrics } from './server-metrics.js';

afterEach(stopServers);

async function text(registry: MetricsRegistry): Promise<string> {
  let all = '';
  for await (const lines of registry.render()) all += lines;
  return all;
}

describe('MetricsRegistry', () => {
  it('renders the text exposition format', async () => {
    const registry = new MetricsRegistry();
    registry.add(new CounterFamily('unused_total', 'Nobody counts this.', []));
    registry
      .add(new CounterFamily('odd_total', 'Odd labels.', ['a', 'b']))
      .child('quo"te\\', 'two\nlines')
      .add(2);
    const durations = registry.add(new HistogramFamily('wait_seconds', 'Waiting.', ['verb'], [0.1, 1]));
    for (const seconds of [0.05, 0.1, 0.5, 30]) durations.child('GET').observe(seconds);
    registry.add(new CollectedFamily('gauge', 'open', 'Open.', [], () => [[[], 3]]));
    expect(await text(registry)).toBe(
      [
        '# HELP odd_total Odd labels.',
        '# TYPE odd_total counter',
        'odd_total{a="quo\\"te\\\\",b="two\\nlines"} 2',
        '# HELP wait_seconds Waiting.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{verb="GET",le="0.1"} 2',
        'wait_seconds_bucket{verb="GET",le="1"} 3',
        'wait_seconds_bucket{verb="GET",le="+Inf"} 4',
        'wait_seconds_sum{verb="GET"} 30.65',
        'wait_seconds_count{verb="GET"} 4',
        '# HELP open Open.',
        '# TYPE open gauge',
        'open 3',
        '',
      ].join('\n'),
    );
  });

  it('refuses a name twice, and bounds what labels can cost', async () => {
    const registry = new MetricsRegistry();
    const family = registry.add(new CounterFamily('x', '', ['a']));
    expect(() => registry.add(new CounterFamily('x', '', []))).toThrow('metric x is already registered');
    for (let at = 0; at < 20_100; at++) family.child(String(at)).add();
    expect(Array.from(family.render())).toHaveLength(20_000);
    expect(family.child('7')).toBe(family.child('7'));
  });

  it('spaces bounds as told', () => {
    expect(exponentialBounds(1000, 10, 3)).toEqual([1000, 10_000, 100_000]);
  });

  it('shows the process beside our own', async () => {
    const registry = new MetricsRegistry();
    registry.observeProcess();
    expect(await text(registry)).toMatch(/^process_resident_memory_bytes \d+$/m);
  });
});

describe('/metrics', () => {
  it('counts requests by the names and labels of kube-apiserver', async () => {
    const registry = new MetricsRegistry();
    const serviceLevels = new MetricsRegistry();
    new HealthMetrics(serviceLevels).onResult('ping', 'readyz', true);
    const requests = new RequestMetrics(registry);
    const inFlight = new InFlightRequests();
    addConcurrencyMetrics(registry, inFlight, new MaxInFlight({ maxReadOnly: 0, maxMutating: 0 }));
    const authentication = new AuthenticationMetrics(registry);
    const labels = { group: 'apps', version: 'v1', resource: 'deployments', subresource: '' };
    const routes = new Map(['get', 'list', 'create', 'patch'].map((verb) => [verb, requests.route({ verb, ...labels })]));
    const paths = new PathLayer();
    installMetrics(paths, registry, serviceLevels);
    const api = {
      name: 'api',
      resolve: (ctx: Parameters<typeof answerOk>[0]) => {
        if (!ctx.state.info.isResourceRequest) return undefined;
        ctx.state.route = routes.get(ctx.state.info.verb);
        return answerOk;
      },
    };
    const { port } = await startServer(dispatch([api, paths]), {
      authentication: { onAttempt: authentication.onAttempt },
      onRequestEnd: (state) => state.route?.record(state),
    });
    const base = '/apis/apps/v1/namespaces/n/deployments';
    await askHttp1(port, `${base}/d`);
    await askHttp1(port, `${base}/d`);
    await askHttp1(port, base);
    await askHttp1(port, '/apis/apps/v1/deployments');
    await askHttp1(port, `${base}?dryRun=All`, { method: 'POST', body: '{}' });
    await askHttp1(port, `${base}/d`, { method: 'PATCH', body: '{}', headers: { 'Content-Type': 'application/apply-patch+yaml' } });

    const answer = await askHttp1(port, '/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = answer.text.split('\n');
    const where = 'group="apps",version="v1",resource="deployments",subresource=""';
    const counted = lines.filter((line) => line.startsWith('apiserver_request_total{'));
    expect(counted).toEqual([
      `apiserver_request_total{verb="GET",dry_run="",${where},scope="resource",component="apiserver",code="200"} 2`,
      `apiserver_request_total{verb="LIST",dry_run="",${where},scope="namespace",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="LIST",dry_run="",${where},scope="cluster",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="POST",dry_run="All",${where},scope="resource",component="apiserver",code="200"} 1`,
      `apiserver_request_total{verb="APPLY",dry_run="",${where},scope="resource",component="apiserver",code="200"} 1`,
    ]);
    expect(lines).toContain(
      `apiserver_request_duration_seconds_count{verb="GET",dry_run="",${where},scope="resource",component="apiserver"} 2`,
    );
    expect(lines).toContain(`apiserver_response_sizes_bucket{verb="GET",${where},scope="resource",component="apiserver",le="1000"} 2`);
    expect(lines).toContain('authenticated_user_requests{username="other"} 7');
    expect(answer.text).toContain('# TYPE apiserver_current_inflight_requests gauge\n');

    const levels = await askHttp1(port, '/metrics/slis');
    expect(levels.text).toContain('kubernetes_healthcheck{name="ping",type="readyz"} 1\n');
    expect(levels.text).toContain('kubernetes_healthchecks_total{name="ping",type="readyz",status="success"} 1\n');
    expect((await askHttp1(port, '/metrics/nope')).status).toBe(404);
  });

  it('sends long expositions whole', async () => {
    const registry = new MetricsRegistry();
    const family = registry.add(new CounterFamily('many_total', 'Many.', ['at']));
    for (let at = 0; at < 5000; at++) family.child(String(at)).add();
    const paths = new PathLayer();
    installMetrics(paths, registry, new MetricsRegistry());
    const { port } = await startServer(dispatch([paths]));
    expect((await askHttp1(port, '/metrics')).text.match(/^many_total\{/gm)).toHaveLength(5000);
  });
});
