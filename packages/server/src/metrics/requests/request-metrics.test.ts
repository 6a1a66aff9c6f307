import { formatGoFloat } from '@keelson/machinery';
import { core } from '@keelson/schema';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiServerConfig } from '../../api-server.js';
import { defineResource } from '../../resource/resource.js';
import { HeldBackend } from '../../testing/held-backend.js';
import { createTestGroups } from '../../testing/resources.js';
import { scraped } from '../../testing/scraped-metrics.js';
import { startTestServer, stopTestServers } from '../../testing/start-test-server.js';

afterEach(stopTestServers);

const maps = '/api/v1/namespaces/a/configmaps';
const mapLabels = 'group="",version="v1",resource="configmaps",subresource=""';
const map = (name: string) => ({ metadata: { name } });
const total = 'apiserver_request_total';
const alice = { user: { name: 'alice', groups: ['devs'] } };

describe('requests', () => {
  it('are counted by the verbs, scopes and codes of kube-apiserver', async () => {
    const server = await startTestServer();
    const { client } = server;
    await client.post(maps, map('m'));
    await client.post(maps, map('m'));
    await client.post(`${maps}?dryRun=All`, map('n'));
    await client.post(`${maps}?dryRun=Some`, map('n'));
    await client.get(`${maps}/m`);
    await client.get(`${maps}/none`);
    await client.get(maps);
    await client.get(`${maps}?fieldSelector=metadata.name%3Dm`);
    await client.get('/api/v1/configmaps');
    await client.put(`${maps}/m`, map('m'));
    await client.ask('PATCH', `${maps}/m`, {}, { 'Content-Type': 'application/merge-patch+json' });
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', ...map('m') };
    await client.ask('PATCH', `${maps}/m?fieldManager=t`, applied, { 'Content-Type': 'application/apply-patch+yaml' });
    await client.get('/apis/apps/v1/namespaces/a/deployments/d/scale');
    await client.ask('DELETE', `${maps}/m`);
    await client.ask('DELETE', maps);
    const labels = (verb: string, scope: string, dryRun = '') =>
      `{verb="${verb}",dry_run="${dryRun}",${mapLabels},scope="${scope}",component="apiserver"`;
    const scaleLabels = 'group="apps",version="v1",resource="deployments",subresource="scale"';
    expect(await scraped(server, total)).toEqual([
      `${labels('POST', 'resource')},code="201"} 1`,
      `${labels('POST', 'resource')},code="409"} 1`,
      `${labels('POST', 'resource', 'All')},code="201"} 1`,
      `${labels('POST', 'resource', 'invalid')},code="422"} 1`,
      `${labels('GET', 'resource')},code="200"} 1`,
      `${labels('GET', 'resource')},code="404"} 1`,
      `${labels('LIST', 'namespace')},code="200"} 2`,
      `${labels('LIST', 'cluster')},code="200"} 1`,
      `${labels('PUT', 'resource')},code="200"} 1`,
      `${labels('PATCH', 'resource')},code="200"} 1`,
      `${labels('APPLY', 'resource')},code="200"} 1`,
      `{verb="GET",dry_run="",${scaleLabels},scope="resource",component="apiserver",code="404"} 1`,
      `${labels('DELETE', 'resource')},code="200"} 1`,
      `${labels('DELETE', 'namespace')},code="200"} 1`,
    ]);
    expect(await scraped(server, 'apiserver_request_duration_seconds_count')).toContain(`${labels('GET', 'resource')}} 2`);
    const level = `{verb="POST",${mapLabels},scope="resource",component="apiserver"`;
    expect(await scraped(server, 'apiserver_request_sli_duration_seconds_count')).toContain(`${level}} 4`);
    const bounds = await scraped(server, 'apiserver_request_sli_duration_seconds_bucket');
    expect(bounds.filter((line) => line.startsWith(level)).map((line) => /le="(.*)"/.exec(line)?.[1])).toEqual(
      '0.05 0.1 0.2 0.4 0.6 0.8 1 1.25 1.5 2 3 4 5 6 8 10 15 20 30 45 60 +Inf'.split(' '),
    );
    const sizes = await scraped(server, 'apiserver_response_sizes_count');
    expect(sizes.map((line) => /verb="(\w+)"/.exec(line)?.[1])).toEqual(['GET', 'LIST', 'LIST', 'GET']);
  });

  it('count as WATCH, with their size, when they end', async () => {
    const server = await startTestServer();
    await server.client.get(`${maps}?watch=1&timeoutSeconds=1`);
    const labels = `verb="WATCH",${mapLabels},scope="namespace",component="apiserver"`;
    expect(await scraped(server, 'apiserver_response_sizes_count')).toEqual([`{${labels}} 1`]);
    expect(await scraped(server, total)).toEqual([`{verb="WATCH",dry_run="",${labels.slice('verb="WATCH",'.length)},code="200"} 1`]);
  });

  it('have no code when their client left before the answer', async () => {
    const backend = new HeldBackend();
    const server = await startTestServer({ backend });
    const http2 = await server.http2();
    const gone = http2.post(maps, map('m'));
    gone.catch(() => undefined);
    await expect.poll(() => server.api.inFlight.count).toBe(1);
    http2.close();
    await expect.poll(() => server.api.inFlight.count).toBe(0);
    backend.release();
    expect(await scraped(server, total)).toEqual([
      `{verb="POST",dry_run="",${mapLabels},scope="resource",component="apiserver",code="0"} 1`,
    ]);
  });

  it('of deprecated versions say in which release they end', async () => {
    const old = defineResource(core.v1.ServiceAccount, {
      names: { plural: 'serviceaccounts' },
      scope: 'Namespaced',
      storage: { key: 'serviceaccounts' },
      deprecationWarning: 'v1 ServiceAccount is deprecated in v1.33+, unavailable in v1.37+',
    });
    const server = await startTestServer({ groups: createTestGroups([old]) });
    await server.client.get('/api/v1/configmaps');
    expect(await scraped(server, 'apiserver_requested_deprecated_apis')).toEqual([]);
    await server.client.get('/api/v1/serviceaccounts');
    expect(await scraped(server, 'apiserver_requested_deprecated_apis')).toEqual([
      '{group="",version="v1",resource="serviceaccounts",subresource="",removed_release="1.37"} 1',
    ]);
  });

  it('for health and for all groups at once are counted by path', async () => {
    const server = await startTestServer();
    const { client } = server;
    await client.get('/readyz');
    await client.get('/livez/ping');
    await client.get('/version');
    await client.get('/apis');
    await client.get('/apis', { Accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' });
    const nothing = 'group="",version="",resource=""';
    expect(await scraped(server, total)).toEqual([
      `{verb="GET",dry_run="",${nothing},subresource="/readyz",scope="",component="",code="200"} 1`,
      `{verb="GET",dry_run="",${nothing},subresource="apis",scope="",component="apiserver",code="200"} 1`,
    ]);
  });
});

describe('requests that filters answer', () => {
  it('are counted as attempts when nobody knows or allows them, and not as served', async () => {
    const config: Partial<ApiServerConfig> = {
      authenticator: {
        authenticate: ({ headers }) => {
          if (headers.authorization === 'Bearer bad') throw new Error('bad token');
          return headers.authorization === undefined ? undefined : alice;
        },
      },
      authorizer: {
        authorize: ({ path, name }) => {
          if (name === 'broken') throw new Error('broken');
          return { decision: path.startsWith('/metrics') ? 'allow' : name === 'secret' ? 'deny' : 'noOpinion' };
        },
      },
    };
    const server = await startTestServer(config);
    const good = { Authorization: 'Bearer good' };
    expect((await server.client.get(maps)).code).toBe(401);
    expect((await server.client.get(maps, { Authorization: 'Bearer bad' })).code).toBe(401);
    expect((await server.client.get(maps, good)).code).toBe(403);
    expect((await server.client.get(`${maps}/secret`, good)).code).toBe(403);
    expect((await server.client.get(`${maps}/broken`, good)).code).toBe(500);
    const metrics = (await server.client.get('/metrics', good)).text.split('\n');
    const samples = (name: string) => metrics.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length));
    expect(samples('authentication_attempts')).toEqual(['{result="success"} 4', '{result="failure"} 1', '{result="error"} 1']);
    expect(samples('authentication_duration_seconds_count')).toEqual([
      '{result="success"} 4',
      '{result="failure"} 1',
      '{result="error"} 1',
    ]);
    expect(samples('authenticated_user_requests').filter((line) => !line.endsWith(' 0'))).toEqual(['{username="other"} 4']);
    const decisions = ['{result="allowed"} 1', '{result="denied"} 1', '{result="no-opinion"} 1', '{result="error"} 1'];
    expect(samples('authorization_attempts_total')).toEqual(decisions);
    expect(samples('authorization_duration_seconds_count')).toEqual(decisions);
    expect(samples(total)).toEqual([]);
  });

  it('are counted with their bodies, and what they ask of field validation', async () => {
    const server = await startTestServer();
    const body = map('m');
    await server.client.post(`${maps}?fieldValidation=Strict`, body);
    await server.client.ask('DELETE', `${maps}/m`);
    await server.client.get(maps);
    const bodies = 'apiserver_request_body_size_bytes';
    const series = (verb: string) => `{group="",resource="configmaps",verb="${verb}"}`;
    expect(await scraped(server, `${bodies}_sum`)).toEqual([`${series('create')} ${JSON.stringify(body).length}`]);
    expect((await server.client.get('/metrics')).text).toContain(`${bodies}_count${series('delete')} 1\n`);
    const bounds = (await scraped(server, `${bodies}_bucket`)).filter((line) => line.includes('create'));
    expect(bounds.map((line) => /le="(.*)"/.exec(line)?.[1])).toEqual(
      Array.from({ length: 31 }, (_, at) => formatGoFloat(50_000 + at * 100_000)).concat('+Inf'),
    );
    expect(bounds[10]).toBe('{group="",resource="configmaps",verb="create",le="1.05e+06"} 1');
    expect(await scraped(server, 'field_validation_request_duration_seconds_count')).toEqual(['{field_validation="Strict"} 1']);
  });

  it('are timed in each filter they pass', async () => {
    const server = await startTestServer();
    await server.client.get(maps);
    const passed = ['authentication', 'impersonation', 'priorityandfairness', 'authorization'];
    // The request for the metrics is one more.
    expect(await scraped(server, 'apiserver_request_filter_duration_seconds_count')).toEqual(
      passed.map((filter) => `{filter="${filter}"} 2`),
    );
  });

  it('are counted when there are too many', async () => {
    const backend = new HeldBackend();
    const authenticator = { authenticate: () => alice };
    const server = await startTestServer({ backend, authenticator, maxRequestsInFlight: 1, maxMutatingRequestsInFlight: 1 });
    const waiting = server.client.post(maps, map('m'));
    await expect.poll(() => server.api.inFlight.count).toBe(1);
    expect((await server.client.post(`${maps}?dryRun=All`, map('n'))).code).toBe(429);
    expect((await server.client.ask('POST', '/version')).code).toBe(429);
    backend.release();
    expect((await waiting).code).toBe(201);
    const labels = `${mapLabels},scope="resource",component="apiserver",code="429"`;
    const nowhere = 'group="",version="",resource=""';
    expect((await scraped(server, total)).filter((line) => line.includes('429'))).toEqual([
      `{verb="POST",dry_run="All",${labels}} 1`,
      `{verb="POST",dry_run="",${nowhere},subresource="",scope="",component="apiserver",code="429"} 1`,
    ]);
    expect(await scraped(server, 'apiserver_request_terminations_total')).toEqual([
      `{verb="POST",${labels}} 1`,
      `{verb="POST",${nowhere},subresource="/version",scope="",component="apiserver",code="429"} 1`,
    ]);
    expect(await scraped(server, 'apiserver_current_inflight_requests')).toContain('{request_kind="mutating"} 1');
    await expect
      .poll(() => scraped(server, 'apiserver_current_inflight_requests'), { timeout: 5000 })
      .toEqual(['{request_kind="readOnly"} 1']);
  });

  it('are counted as served and as terminated when they are late', async () => {
    const backend = new HeldBackend();
    const server = await startTestServer({ backend });
    const late = await server.client.post(`${maps}?timeout=50ms`, map('m'));
    expect(late.failure).toBe('504 Timeout: Timeout: request did not complete within the allotted timeout');
    backend.release();
    const where = `${mapLabels},scope="resource",component="apiserver",code="504"`;
    expect(await scraped(server, 'apiserver_request_terminations_total')).toEqual([`{verb="POST",${where}} 1`]);
    expect(await scraped(server, total)).toEqual([`{verb="POST",dry_run="",${where}} 1`]);
  });

  it('are counted as aborted when their answer is broken off', async () => {
    const failing = {
      name: 'failing',
      resolve: () => async (ctx: { readonly res: { write(text: string): boolean } }) => {
        ctx.res.write('{"items":[');
        await new Promise(setImmediate);
        throw new Error('lost the store');
      },
    };
    const server = await startTestServer({
      layersBefore: [{ ...failing, resolve: (ctx) => (ctx.state.info.path === maps ? failing.resolve() : undefined) }],
    });
    await expect(server.client.get(maps)).rejects.toThrow('aborted');
    expect(await scraped(server, 'apiserver_request_aborts_total')).toEqual([`{verb="LIST",${mapLabels},scope="namespace"} 1`]);
  });
});
