import { ApiError } from '@keelson/machinery';
import { core, discovery } from '@keelson/schema';
import { createTestGroups, plainResource, startTestServer, stopTestServers, type TestServer } from '@keelson/server/testing';
import type { KvBackend } from '@keelson/storage';
import { afterEach, describe, expect, it } from 'vitest';
import { KubernetesService } from './kubernetes-service.js';
import { ReplicaLeases } from './replica-leases.js';

const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
  await stopTestServers();
});

interface Replica {
  readonly server: TestServer;
  readonly service: KubernetesService;
}

function startServer(backend?: KvBackend): Promise<TestServer> {
  const groups = createTestGroups([
    plainResource(core.v1.Service, 'services'),
    plainResource(core.v1.Endpoints, 'endpoints'),
    plainResource(discovery.v1.EndpointSlice, 'endpointslices'),
  ]);
  return startTestServer({ groups, ...(backend && { backend }) });
}

async function startReplica(advertiseAddress: string | undefined, backend?: KvBackend, ttlSeconds = 15): Promise<Replica> {
  const server = await startServer(backend);
  const leases = new ReplicaLeases(server.backend, '/registry', ttlSeconds);
  const service = new KubernetesService(server.api.loopback, leases, { clusterIp: '10.96.0.1', securePort: 6443, advertiseAddress }, fail);
  await service.start();
  stopping.push(() => service.stop());
  return { server, service };
}

/** The first round of a replica without endpoints. */
async function started({ api, backend }: TestServer, onFailure: (error: unknown) => void): Promise<void> {
  const options = { clusterIp: '10.96.0.1', securePort: 6443, advertiseAddress: undefined };
  const service = new KubernetesService(api.loopback, new ReplicaLeases(backend, '/registry', 15), options, onFailure);
  stopping.push(() => service.stop());
  await service.start();
}

async function published({ client }: TestServer): Promise<{ endpoints: unknown; slice: unknown }> {
  const endpoints = (await client.get('/api/v1/namespaces/default/endpoints/kubernetes')).json<core.v1.Endpoints>();
  const slice = (
    await client.get('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes')
  ).json<discovery.v1.EndpointSlice>();
  return {
    endpoints: (endpoints.subsets ?? []).map(({ addresses = [] }) => addresses.map(({ ip }) => ip)),
    slice: (slice.endpoints ?? []).map(({ addresses }) => addresses),
  };
}

const at = (...ips: string[]) => ({ endpoints: ips.length === 0 ? [] : [ips], slice: ips.map((ip) => [ip]) });

describe('KubernetesService', () => {
  it('makes the Service and its endpoints', async () => {
    const { server } = await startReplica('10.1.0.1');
    const service = (await server.client.get('/api/v1/namespaces/default/services/kubernetes')).json<core.v1.Service>();
    expect(service.metadata.labels).toEqual({ component: 'apiserver', provider: 'kubernetes' });
    expect(service.spec).toEqual({
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    });
    const endpoints = (await server.client.get('/api/v1/namespaces/default/endpoints/kubernetes')).json<core.v1.Endpoints>();
    expect(endpoints.metadata.labels).toEqual({ 'endpointslice.kubernetes.io/skip-mirror': 'true' });
    expect(endpoints.subsets).toEqual([{ addresses: [{ ip: '10.1.0.1' }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }]);
    const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';
    const slice = (await server.client.get(path)).json<discovery.v1.EndpointSlice>();
    expect(slice).toMatchObject({
      metadata: { labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true } }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    });
  });

  it('waits for the Service of a replica that was faster to take its address', async () => {
    const server = await startServer();
    const { loopback } = server.api;
    const create = loopback.create.bind(loopback);
    const refused: string[] = [];
    loopback.create = async (gvr, object) => {
      if (refused.length === 2) return create(gvr, object);
      refused.push(gvr.resource);
      throw new ApiError(422, 'Invalid', 'provided IP is already allocated');
    };
    await started(server, fail);
    expect(refused).toEqual(['services', 'services']);
    expect((await server.client.get('/api/v1/namespaces/default/services/kubernetes')).code).toBe(200);
  });

  it('says so when the address is not to be had', async () => {
    const server = await startServer();
    server.api.loopback.create = async () => {
      throw new ApiError(422, 'Invalid', 'provided IP is already allocated');
    };
    const failure = await new Promise<unknown>((resolve) => void started(server, resolve));
    expect(failure).toMatchObject({ message: 'provided IP is already allocated' });
  });

  it('makes no endpoints of a replica that nobody can reach', async () => {
    const { server } = await startReplica(undefined);
    expect((await server.client.get('/api/v1/namespaces/default/services/kubernetes')).code).toBe(200);
    expect((await server.client.get('/api/v1/namespaces/default/endpoints/kubernetes')).code).toBe(404);
  });

  it('points at every replica that lives, and at none that has left', async () => {
    const first = await startReplica('10.1.0.1');
    const second = await startReplica('10.1.0.2', first.server.backend);
    expect(await published(first.server)).toEqual(at('10.1.0.1', '10.1.0.2'));
    await first.service.stop();
    expect(await published(second.server)).toEqual(at('10.1.0.2'));
    await second.service.stop();
    expect(await published(second.server)).toEqual(at());
  });

  it('forgets a replica whose lease has run out', async () => {
    const first = await startReplica('10.1.0.1');
    const dead = new ReplicaLeases(first.server.backend, '/registry', 1);
    await dead.renew('10.1.0.9');
    const second = await startReplica('10.1.0.2', first.server.backend);
    expect(await published(second.server)).toEqual(at('10.1.0.1', '10.1.0.2', '10.1.0.9'));
    while ((await dead.addresses()).includes('10.1.0.9')) await new Promise((resolve) => setTimeout(resolve, 20));
    const third = await startReplica('10.1.0.3', first.server.backend);
    expect(await published(third.server)).toEqual(at('10.1.0.1', '10.1.0.2', '10.1.0.3'));
  });

  it('writes nothing when nothing has changed', async () => {
    const first = await startReplica('10.1.0.1');
    const path = '/api/v1/namespaces/default/endpoints/kubernetes';
    const before = (await first.server.client.get(path)).json();
    await startReplica('10.1.0.1', first.server.backend);
    expect((await first.server.client.get(path)).json()).toEqual(before);
  });
});

function fail(error: unknown): void {
  throw error;
}
