import type { ExtensionServer } from '@keelson/aggregator/testing';
import type { KubeObject } from '@keelson/machinery';
import { beforeAll, describe, expect, it } from 'vitest';
import { API_SERVICES, aggregatedServer } from './testing/aggregated-server.js';

const { running, send, get, available, untilAvailable, register } = aggregatedServer();
let extension: ExtensionServer;

beforeAll(() => {
  ({ extension } = running());
});

describe('an APIService', () => {
  const service = (name: string, spec: object) => send('POST', '/api/v1/namespaces/default/services', { metadata: { name }, spec });
  const of = (version: string, name: string) =>
    extension.apiService(version, { group: 'broken.example.com', service: { namespace: 'default', name, port: 443 } });
  const registered = (version: string, name: string, expected: string) =>
    register({ ...of(version, name), metadata: { name: `${version}.broken.example.com` } }, expected);

  it('says what is wrong with its service', async () => {
    const ports = [{ port: 443, name: 'https' }];
    await service('other-port', { ports: [{ port: 80 }] });
    await service('no-slices', { ports });
    await service('not-ready', { ports });
    const metadata = { name: 'not-ready', labels: { 'kubernetes.io/service-name': 'not-ready' } };
    const endpoints = [{ addresses: ['10.1.2.3'], conditions: { ready: false } }];
    const slice = { metadata, addressType: 'IPv4', endpoints, ports: [{ name: 'https', port: 8443 }] };
    expect((await send('POST', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', slice)).code).toBe(201);
    await service('outside', { type: 'ExternalName', externalName: 'nowhere.invalid' });
    await registered('v1', 'missing', 'False ServiceNotFound: service/missing in "default" is not present');
    await registered('v2', 'other-port', 'False ServicePortError: service/other-port in "default" is not listening on port 443');
    await registered('v3', 'no-slices', 'False EndpointsNotFound: cannot find endpointslices for service/no-slices in "default"');
    await registered(
      'v4',
      'not-ready',
      'False MissingEndpoints: endpointslices for service/not-ready in "default" have no addresses with port name "https"',
    );
    await registered('v5', 'outside', 'False FailedDiscoveryCheck: failing or missing response from https://nowhere.invalid:443/apis/');
    await service('missing', { ports: [{ port: 80 }] });
    await untilAvailable('v1.broken.example.com', 'False ServicePortError');
    expect(await scraped('aggregator_unavailable_apiservice{name="v1.broken.example.com"}')).toBe('1');
    expect(await scraped('aggregator_unavailable_apiservice{name="v1.apps"}')).toBe('0');
  });

  it('of what is served here is there at once, and stays where it belongs to a definition', async () => {
    expect(await available('v1.apps')).toBe('True Local: Local APIServices are always available');
    const names = { plural: 'cogs', kind: 'Cog' };
    const schema = { openAPIV3Schema: { type: 'object' } };
    const versions = [{ name: 'v1', served: true, storage: true, schema }];
    const definition = {
      metadata: { name: 'cogs.custom.example.com' },
      spec: { group: 'custom.example.com', scope: 'Namespaced', names, versions },
    };
    await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
    const path = `${API_SERVICES}/v1.custom.example.com`;
    await untilAvailable('v1.custom.example.com', 'True Local');
    const made = (await get(path)).body as unknown as KubeObject & { spec: object };
    expect([made.metadata.labels, made.spec]).toEqual([
      { 'kube-aggregator.kubernetes.io/automanaged': 'true' },
      { group: 'custom.example.com', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
    ]);
    await send('DELETE', path);
    while (((await get(path)).body as unknown as KubeObject).metadata.uid === undefined) await new Promise(setImmediate);
    expect(((await get(path)).body as unknown as KubeObject).metadata.uid).not.toBe(made.metadata.uid);
    await send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/cogs.custom.example.com');
    while ((await get(path)).code !== 404) await new Promise(setImmediate);
  });
});

async function scraped(series: string): Promise<string | undefined> {
  const lines = String((await get('/metrics')).body).split('\n');
  return lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1);
}
