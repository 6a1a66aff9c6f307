import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiException, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.js';

const limit = 50;
const writes = 200;

const etcdDir = await mkdtemp(join(tmpdir(), 'quota-'));
let etcd: RunningEtcd;
let replicas: RunningKeelson[] = [];
let clients: CoreV1Api[];

const startReplica = () => startApiServer({ backend: 'etcd', etcdUrl: etcd.url, flags: { controllers: 'resourcequota-controller' } });

beforeAll(async () => {
  etcd = await startEtcd(etcdDir);
  replicas = await Promise.all([startReplica(), startReplica(), startReplica()]);
  clients = replicas.map(({ kubeconfig }) => {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    return config.makeApiClient(CoreV1Api);
  });
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await etcd?.stop();
  await rm(etcdDir, { recursive: true, force: true });
});

const client = (i: number): CoreV1Api => clients[i % clients.length] as CoreV1Api;

/** A namespace with quotas that have been measured, and that all replicas have heard of. */
async function limited(namespace: string, ...hards: Record<string, string>[]): Promise<void> {
  await client(0).createNamespace({ body: { metadata: { name: namespace } } });
  for (const [i, hard] of [...hards, { secrets: '0' }].entries()) {
    await client(0).createNamespacedResourceQuota({ namespace, body: { metadata: { name: `q${i}` }, spec: { hard } } });
    await expect.poll(() => used(namespace, `q${i}`)).toEqual(Object.fromEntries(Object.keys(hard).map((name) => [name, '0'])));
  }
  // Whoever has heard of the last one has heard of all.
  const body = { metadata: { name: 'refused' } };
  for (const one of clients) await expect.poll(() => codeOf(one.createNamespacedSecret({ namespace, body, dryRun: 'All' }))).toBe(403);
}

async function codeOf(request: Promise<unknown>): Promise<number> {
  try {
    await request;
    return 201;
  } catch (error) {
    if (error instanceof ApiException) return error.code;
    throw error;
  }
}

function counted(codes: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

async function used(namespace: string, name = 'q0'): Promise<Record<string, string> | undefined> {
  return (await client(0).readNamespacedResourceQuota({ namespace, name })).status?.used;
}

/** Has as many config maps made at the same time, by all replicas; gives the codes of the answers. */
async function race(namespace: string): Promise<number[]> {
  return Promise.all(
    Array.from({ length: writes }, (_, i) =>
      codeOf(client(i).createNamespacedConfigMap({ namespace, body: { metadata: { name: `m${i}` } } })),
    ),
  );
}

it('lets exactly as many objects be made as a quota allows, by however many writers on three replicas', async () => {
  const namespace = 'maps';
  await limited(namespace, { configmaps: String(limit) });
  expect(counted(await race(namespace))).toEqual({ 201: limit, 403: writes - limit });
  const made = (await client(1).listNamespacedConfigMap({ namespace })).items;
  expect(made).toHaveLength(limit);
  expect(await used(namespace)).toEqual({ configmaps: String(limit) });
  await Promise.all(made.map(({ metadata }, i) => client(i).deleteNamespacedConfigMap({ namespace, name: metadata?.name ?? '' })));
  await expect.poll(() => used(namespace)).toEqual({ configmaps: '0' });
  expect(counted(await race(namespace))).toEqual({ 201: limit, 403: writes - limit });
  expect((await client(2).listNamespacedConfigMap({ namespace })).items).toHaveLength(limit);
});

it('never lets more be there than a quota allows while objects come and go', async () => {
  const namespace = 'churn';
  const most = 10;
  await limited(namespace, { configmaps: String(most) });
  const sizes: number[] = [];
  const churn = async (writer: number) => {
    for (let i = 0; i < 10; i++) {
      const name = `m${writer}-${i}`;
      if ((await codeOf(client(writer).createNamespacedConfigMap({ namespace, body: { metadata: { name } } }))) === 403) continue;
      sizes.push((await client(writer + 1).listNamespacedConfigMap({ namespace })).items.length);
      await client(writer + 2).deleteNamespacedConfigMap({ namespace, name });
    }
  };
  await Promise.all(Array.from({ length: 30 }, (_, writer) => churn(writer)));
  expect(sizes.length).toBeGreaterThan(most);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(most);
  await expect.poll(() => used(namespace)).toEqual({ configmaps: '0' });
});

it('holds the sum of what pods ask for below it', async () => {
  const namespace = 'pods';
  await limited(namespace, { 'requests.cpu': '10', pods: '1000' }, { 'limits.memory': '1Ti' });
  const resources = { requests: { cpu: '200m' }, limits: { cpu: '200m', memory: '1Gi' } };
  const codes = await Promise.all(
    Array.from({ length: writes }, (_, i) => {
      const body = { metadata: { name: `p${i}` }, spec: { containers: [{ name: 'c', image: 'none', resources }] } };
      return codeOf(client(i).createNamespacedPod({ namespace, body }));
    }),
  );
  expect(counted(codes)).toEqual({ 201: limit, 403: writes - limit });
  expect((await client(2).listNamespacedPod({ namespace })).items).toHaveLength(limit);
  expect(await used(namespace)).toEqual({ 'requests.cpu': '10', pods: String(limit) });
});
