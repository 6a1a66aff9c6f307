import type { KubeObject } from '@keelson/machinery';
import { afterEach, expect, it } from 'vitest';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';
import { ServerObjects } from './server-objects.js';

afterEach(stopTestServers);

const maps = { group: '', version: 'v1', resource: 'configmaps' };
const unserved = { group: 'example.com', version: 'v1', resource: 'widgets' };
const map = (name: string): KubeObject => ({ metadata: { name, namespace: 'a' } });

function recorder(told: string[]) {
  const tell = (what: string) => (object: KubeObject) => void told.push(`${what} ${object.metadata.name}`);
  return { set: tell('set'), delete: tell('delete') };
}

it('tells those who follow before there is a server of everything by the time it has started', async () => {
  const objects = new ServerObjects();
  const told: string[] = [];
  const { synced } = objects.follow(maps, recorder(told));
  const server = await startTestServer({ objects });
  await synced;
  await server.api.loopback.create(maps, map('one'));
  await expect.poll(() => told).toEqual(['set one']);
});

it('tells those who come later from then on, until they have enough', async () => {
  const { api } = await startTestServer();
  await api.loopback.create(maps, map('one'));
  const told: string[] = [];
  const following = api.objects.follow(maps, recorder(told));
  await following.synced;
  expect(told).toEqual(['set one']);
  following.stop();
  const seen: string[] = [];
  const other = api.objects.follow(maps, recorder(seen));
  await api.loopback.create(maps, map('two'));
  await expect.poll(() => seen).toContain('set two');
  expect(told).toEqual(['set one']);
  other.stop();
});

it('has no objects of a resource that is not served', async () => {
  const { api } = await startTestServer();
  const reader = api.objects.reader(unserved);
  expect([await reader.get('a', 'one'), await reader.getLatest('a', 'one')]).toEqual([undefined, undefined]);
  expect([await reader.list(''), await reader.listLatest('')]).toEqual([[], []]);
  await api.objects.follow(unserved, recorder([])).synced;
  await expect(api.objects.writer(unserved).create(map('one'))).rejects.toMatchObject({ code: 404 });
});

it('reads and writes as the server', async () => {
  const { api } = await startTestServer();
  const writer = api.objects.writer(maps);
  const created = await writer.create(map('one'));
  await writer.update('a', 'one', (object) => Object.assign(object, { data: { k: 'v' } }));
  const reader = api.objects.reader(maps);
  expect(await reader.getLatest('a', 'one')).toMatchObject({ metadata: { uid: created.metadata.uid }, data: { k: 'v' } });
  for (const objects of [await reader.list('a'), await reader.listLatest('a')])
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['one']);
});

it('tells where objects of a kind are served', async () => {
  const { api } = await startTestServer();
  expect(api.objects.resourcesOf({ group: '', version: 'v1', kind: 'ConfigMap' })).toEqual([{ resource: maps, namespaced: true }]);
  expect(api.objects.resourcesOf({ group: 'example.com', version: 'v1', kind: 'Widget' })).toEqual([]);
});

it('cannot be read before there is a server', async () => {
  await expect(new ServerObjects().reader(maps).get('a', 'one')).rejects.toThrow('objects are read before there is a server');
});
