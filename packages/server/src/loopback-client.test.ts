import type { KubeObject } from '@keelson/machinery';
import type { apps, core } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoopbackClient } from './loopback-client.js';
import { startTestServer, stopTestServers, type TestServer } from './testing/start-test-server.js';

let server: TestServer;
let loopback: LoopbackClient;
beforeAll(async () => {
  server = await startTestServer();
  loopback = server.api.loopback;
});
afterAll(stopTestServers);

const maps = { group: '', version: 'v1', resource: 'configmaps' };
const path = '/api/v1/namespaces/a/configmaps';

function map(name: string, data?: Record<string, string>): KubeObject {
  return { metadata: { name, namespace: 'a' }, ...(data && { data }) } as core.v1.ConfigMap;
}

describe('the loopback client', () => {
  it('writes as a client does', async () => {
    const given = map('one', { k: 'v' });
    const created = await loopback.create(maps, given);
    expect(given).toEqual(map('one', { k: 'v' }));
    const { kind: _kind, apiVersion: _apiVersion, ...seen } = (await server.client.get(`${path}/one`)).json();
    expect(created).toEqual(seen);
    expect(seen.metadata.managedFields?.map((entry) => (entry as { manager: string }).manager)).toEqual(['kube-apiserver']);
    await expect(loopback.create(maps, given)).rejects.toThrow('configmaps "one" already exists');
  });

  it('reads what there is', async () => {
    await loopback.create(maps, map('read'));
    expect((await loopback.get(maps, 'a', 'read'))?.metadata.name).toBe('read');
    expect(await loopback.get(maps, 'a', 'none')).toBeUndefined();
    expect((await loopback.list(maps, 'a')).map(({ metadata }) => metadata.name)).toContain('read');
    expect(await loopback.list(maps, 'b')).toEqual([]);
    expect(await loopback.list(maps, '')).toEqual(await loopback.list(maps, 'a'));
  });

  it('makes sure of an object, whoever else does', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, at) => loopback.ensure(maps, map('sure', { by: String(at) }))));
    const before = await loopback.get(maps, 'a', 'sure');
    await loopback.ensure(maps, map('sure', { by: 'other' }));
    expect(await loopback.get(maps, 'a', 'sure')).toEqual(before);
  });

  it('updates against others, and loses nothing', async () => {
    await loopback.create(maps, map('counter', { n: '0' }));
    const increment = (object: KubeObject) => {
      const { data = {} } = object as core.v1.ConfigMap;
      Object.assign(object, { data: { n: String(Number(data.n) + 1) } });
    };
    await Promise.all(Array.from({ length: 20 }, () => loopback.update(maps, 'a', 'counter', increment)));
    expect(((await loopback.get(maps, 'a', 'counter')) as core.v1.ConfigMap).data).toEqual({ n: '20' });
  });

  it('applies a status under a name of its own', async () => {
    const deployments = { group: 'apps', version: 'v1', resource: 'deployments' };
    const metadata = { name: 'web', namespace: 'a' };
    await loopback.create(deployments, { metadata, spec: { replicas: 3 } } as unknown as apps.v1.Deployment);
    const applied = { metadata, status: { readyReplicas: 2 } } as apps.v1.Deployment;
    await loopback.applyStatus(deployments, 'counter', applied);
    const after = (await loopback.get(deployments, 'a', 'web')) as apps.v1.Deployment;
    expect(after).toMatchObject({ spec: { replicas: 3 }, status: { readyReplicas: 2 } });
    expect(after.metadata.managedFields).toContainEqual({
      manager: 'counter',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      time: expect.any(String),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:status': { 'f:readyReplicas': {} } },
      subresource: 'status',
    });
    await loopback.applyStatus(deployments, 'counter', applied);
    expect((await loopback.get(deployments, 'a', 'web'))?.metadata.resourceVersion).toBe(after.metadata.resourceVersion);
    const none = { metadata: { name: 'none', namespace: 'a' } };
    await expect(loopback.applyStatus(deployments, 'counter', none)).rejects.toThrow('deployments.apps "none" not found');
  });

  it('deletes the object it means and no other of its name', async () => {
    const first = await loopback.create(maps, map('gone'));
    await loopback.delete(maps, first);
    expect(await loopback.get(maps, 'a', 'gone')).toBeUndefined();
    await loopback.delete(maps, first);
    const second = await loopback.create(maps, map('gone'));
    await loopback.delete(maps, first);
    expect(await loopback.get(maps, 'a', 'gone')).toEqual(second);
  });

  it('fails where there is nothing', async () => {
    await expect(loopback.update(maps, 'a', 'none', () => undefined)).rejects.toThrow('configmaps "none" not found');
    await expect(loopback.get({ ...maps, resource: 'unknown' }, 'a', 'x')).rejects.toThrow('unknown "" not found');
  });
});
