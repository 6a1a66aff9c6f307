import { once } from 'node:events';
import { connect } from 'node:net';
import { featureGates } from '@keelson/machinery';
import { afterEach, expect, it } from 'vitest';
import { scraped } from '../testing/scraped-metrics.js';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';

afterEach(stopTestServers);

it('tells the release', async () => {
  const [line] = await scraped(await startTestServer(), 'kubernetes_build_info');
  expect(line).toMatch(
    /^\{major="1",minor="34",git_version="v1\.34\.0",git_commit="",git_tree_state="clean",build_date="1970-01-01T00:00:00Z",go_version="v\d[^"]*",compiler="v8",platform="[^"]+"\} 1$/,
  );
});

it('tells which features are enabled', async () => {
  const { client } = await startTestServer();
  const lines = (await client.get('/metrics')).text.split('\n').filter((line) => line.startsWith('kubernetes_feature_enabled'));
  expect(lines).toHaveLength(featureGates.size);
  expect(lines).toEqual(
    expect.arrayContaining([
      'kubernetes_feature_enabled{name="WatchList",stage="BETA"} 1',
      'kubernetes_feature_enabled{name="WatchListClient",stage="BETA"} 0',
      'kubernetes_feature_enabled{name="SidecarContainers",stage=""} 1',
      'kubernetes_feature_enabled{name="StorageVersionAPI",stage="ALPHA"} 0',
      'kubernetes_feature_enabled{name="GitRepoVolumeDriver",stage="DEPRECATED"} 0',
    ]),
  );
});

it('counts failed handshakes', async () => {
  const server = await startTestServer();
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await once(socket.resume(), 'close');
  expect(await scraped(server, 'apiserver_tls_handshake_errors_total')).toEqual([' 1']);
});

it('counts open watches', async () => {
  const server = await startTestServer();
  const watch = await server.client.watch('/api/v1/namespaces/a/configmaps?watch=1');
  expect(await scraped(server, 'apiserver_longrunning_requests')).toEqual([
    '{verb="WATCH",group="",version="v1",resource="configmaps",subresource="",scope="namespace",component="apiserver"} 1',
  ]);
  watch.abort();
  await expect.poll(() => scraped(server, 'apiserver_longrunning_requests')).toEqual([]);
});

it('tells the health of the server apart', async () => {
  const server = await startTestServer();
  await server.client.get('/readyz/ping');
  expect(await scraped(server, 'kubernetes_healthcheck', '/metrics/slis')).toEqual(['{name="ping",type="readyz"} 1']);
  expect(await scraped(server, 'kubernetes_healthchecks_total', '/metrics/slis')).toEqual([
    '{name="ping",type="readyz",status="success"} 1',
  ]);
  expect((await server.client.get('/metrics/nope')).code).toBe(404);
});

it('tells what it is compatible with, and how many metrics there are', async () => {
  const server = await startTestServer();
  expect(await scraped(server, 'version_info')).toEqual(['{component="kube",binary="1.34.0",emulation="1.34",min_compat="1.33"} 1']);
  const { text } = await server.client.get('/metrics');
  for (const level of ['ALPHA', 'BETA', 'STABLE']) {
    const registered = [...server.api.instruments.registry.families].filter(({ help }) => help.startsWith(`[${level}]`)).length;
    expect(text).toContain(`registered_metrics_total{stability_level="${level}",deprecated_version=""} ${registered}\n`);
  }
});

it('counts how often discovery was aggregated', async () => {
  const server = await startTestServer();
  const accept = { Accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
  for (let times = 0; times < 2; times++) await server.client.get('/apis', accept);
  expect(await scraped(server, 'aggregator_discovery_aggregation_count_total')).toEqual([' 1']);
});
