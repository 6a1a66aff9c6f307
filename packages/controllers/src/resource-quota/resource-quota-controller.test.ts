import { builtInPlugins } from '@keelson/admission';
import { hostOf } from '@keelson/admission/testing';
import { builtInGroups } from '@keelson/api';
import type { core } from '@keelson/schema';
import { ServerObjects } from '@keelson/server';
import { startTestServer, stopTestServers, type TestServer } from '@keelson/server/testing';
import type { KvBackend } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, describe, expect, it } from 'vitest';
import { fail, nodePortRange, serviceRange } from '../testing/built-in-server.js';
import { ResourceQuotaController } from './resource-quota-controller.js';

const controllers: ResourceQuotaController[] = [];

afterEach(async () => {
  for (const controller of controllers.splice(0)) await controller.stop();
  await stopTestServers();
});

/** A server that charges quotas, and measures them. */
async function start(backend: KvBackend = new MemoryBackend(), nowMs?: () => number): Promise<TestServer> {
  const objects = new ServerObjects();
  const admissionPlugins = await builtInPlugins(['ResourceQuota'], hostOf({}, { objects }));
  const groups = builtInGroups({ eventTtlSeconds: 3600, clusterIpRanges: [serviceRange], nodePortRange });
  const server = await startTestServer({ groups, backend, objects, admissionPlugins });
  const controller = new ResourceQuotaController(server.api.loopback, fail, nowMs);
  controllers.push(controller);
  await controller.start();
  return server;
}

const path = (resource: string, name = '') => `/api/v1/namespaces/web/${resource}${name && `/${name}`}`;

/** Makes a quota, and waits until it has been measured and all servers have heard of it: then no secret can be made. */
async function limit(servers: readonly TestServer[], hard: Record<string, string>): Promise<void> {
  await servers[0]?.client.post(path('resourcequotas'), { metadata: { name: 'q' }, spec: { hard: { ...hard, secrets: '0' } } });
  const body = { metadata: { name: 'refused' } };
  for (const { client } of servers)
    await expect.poll(async () => (await client.post(`${path('secrets')}?dryRun=All`, body)).code).toBe(403);
}

async function status({ client }: TestServer): Promise<core.v1.ResourceQuotaStatus> {
  return (await client.get(path('resourcequotas', 'q'))).json<core.v1.ResourceQuota>().status;
}

async function make({ client }: TestServer, name: string): Promise<number> {
  return (await client.post(path('configmaps'), { metadata: { name } })).code;
}

describe('a quota', () => {
  it('is told what there is, and what it limits', async () => {
    const server = await start();
    for (const name of ['a', 'b']) await make(server, name);
    await server.client.post(path('services'), { metadata: { name: 's' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
    await limit([server], { configmaps: '5', 'services.nodeports': '2', 'count/jobs.batch': '1', 'requests.cpu': '1500m' });
    expect(await status(server)).toEqual({
      hard: { configmaps: '5', 'services.nodeports': '2', 'count/jobs.batch': '1', 'requests.cpu': '1500m', secrets: '0' },
      used: { configmaps: '2', 'services.nodeports': '1', 'count/jobs.batch': '0', 'requests.cpu': '0', secrets: '0' },
    });
    const hard = { configmaps: '6', 'count/secrets': '1', 'services.nodeports': null };
    await server.client.patch(path('resourcequotas', 'q'), 'merge-patch+json', { spec: { hard } });
    await expect
      .poll(async () => (await status(server)).used)
      .toEqual({ configmaps: '2', secrets: '0', 'count/secrets': '0', 'count/jobs.batch': '0', 'requests.cpu': '0' });
  });

  it('has room again as soon as something is gone', async () => {
    const server = await start();
    await limit([server], { configmaps: '2' });
    expect([await make(server, 'a'), await make(server, 'b'), await make(server, 'c')]).toEqual([201, 201, 403]);
    await server.client.delete(path('configmaps', 'a'));
    await expect.poll(() => make(server, 'c')).toBe(201);
    expect((await status(server)).used).toEqual({ configmaps: '2', secrets: '0' });
  });

  it('gives up what was charged for an object that never came', async () => {
    let nowMs = 0;
    const server = await start(new MemoryBackend(), () => nowMs);
    await limit([server], { configmaps: '9' });
    expect([await make(server, 'a'), await make(server, 'a')]).toEqual([201, 409]);
    await server.client.post(path('configmaps'), { metadata: { name: 'b' } });
    expect((await status(server)).used).toEqual({ configmaps: '3', secrets: '0' });
    nowMs = 61_000;
    await make(server, 'c');
    await server.client.delete(path('configmaps', 'c'));
    await expect.poll(async () => (await status(server)).used).toEqual({ configmaps: '2', secrets: '0' });
  });

  it('of what is served later is measured then, and left as it is when that is served no more', async () => {
    const server = await start();
    for (const name of ['a', 'b']) await make(server, name);
    const { served } = server.api.loopback;
    const maps = served.get({ group: '', version: 'v1', resource: 'configmaps' });
    if (maps === undefined) throw new Error('config maps are not served');
    served.remove(maps);
    await limit([server], { configmaps: '5' });
    expect(await status(server)).toEqual({ hard: { configmaps: '5', secrets: '0' }, used: { secrets: '0' } });
    served.add(maps);
    await expect.poll(async () => (await status(server)).used).toEqual({ configmaps: '2', secrets: '0' });
    await expect.poll(() => make(server, 'c')).toBe(201);
    served.remove(maps);
    await server.client.delete(path('configmaps', 'a'));
    await server.client.patch(path('resourcequotas', 'q'), 'merge-patch+json', { spec: { hard: { services: '1' } } });
    await expect.poll(async () => (await status(server)).used).toEqual({ configmaps: '3', secrets: '0', services: '0' });
  });

  it('that is gone is forgotten', async () => {
    const server = await start();
    await limit([server], { configmaps: '0' });
    expect(await make(server, 'a')).toBe(403);
    await server.client.delete(path('resourcequotas', 'q'));
    await expect.poll(() => make(server, 'a')).toBe(201);
  });
});

it('is never overshot while objects come and go on two replicas', async () => {
  const backend = new MemoryBackend();
  const servers = [await start(backend), await start(backend)];
  const [one] = servers as [TestServer];
  const most = 10;
  await limit(servers, { configmaps: String(most) });
  const counts = await followCount(one);
  const codes = new Set<number>();
  const churn = async (server: TestServer, name: string) => {
    for (let i = 0; i < 15; i++) {
      const code = await make(server, `${name}-${i}`);
      codes.add(code);
      if (code === 201) await server.client.delete(path('configmaps', `${name}-${i}`));
    }
  };
  await Promise.all(Array.from({ length: 24 }, (_, i) => churn(servers[i % 2] as TestServer, `m${i}`)));
  expect([...codes].sort()).toEqual([201, 403]);
  expect(counts.max).toBeLessThanOrEqual(most);
  await expect.poll(async () => (await status(one)).used).toEqual({ configmaps: '0', secrets: '0' });
  counts.stop();
});

/** The most config maps that there were at the same time, by what was stored one after the other. */
async function followCount({ api }: TestServer): Promise<{ max: number; stop(): void }> {
  const there = new Set<string>();
  const counts = { max: 0, stop: () => following.stop() };
  const following = api.objects.follow(
    { group: '', version: 'v1', resource: 'configmaps' },
    {
      set: ({ metadata }) => {
        there.add(metadata.name ?? '');
        counts.max = Math.max(counts.max, there.size);
      },
      delete: ({ metadata }) => void there.delete(metadata.name ?? ''),
    },
  );
  await following.synced;
  return counts;
}
