import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInGroups } from '@keelson/api';
import { defaultFeatures, type KubeObject } from '@keelson/machinery';
import { type autoscaling, type storagemigration, unwrap } from '@keelson/schema';
import { startTestServer, stopTestServers, type TestServer } from '@keelson/server/testing';
import type { KvBackend } from '@keelson/storage';
import { EmbeddedBackend } from '@keelson/storage/embedded';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodePortRange, serviceRange } from '../testing/built-in-server.js';
import { StorageVersionMigrator } from './storage-version-migrator.js';

type Migration = storagemigration.v1alpha1.StorageVersionMigration;
type Autoscaler = autoscaling.v2.HorizontalPodAutoscaler;

const migrations = '/apis/storagemigration.k8s.io/v1alpha1/storageversionmigrations';
const autoscalers = '/apis/autoscaling/v2/namespaces/a/horizontalpodautoscalers';
const prefix = '/registry/horizontalpodautoscalers/';
const autoscaler = { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers' };

let backend: KvBackend;
let dir: string;
let running: StorageVersionMigrator[];
const failures: unknown[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-migrator-'));
  backend = new MemoryBackend();
  running = [];
  failures.length = 0;
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await stopTestServers();
  await rm(dir, { recursive: true });
  expect(failures).toEqual([]);
});

/** The only server at that time: built-in resources belong to one. */
function start(...storageVersions: string[]): Promise<TestServer> {
  const groups = builtInGroups({ eventTtlSeconds: 3600, clusterIpRanges: [serviceRange], nodePortRange });
  const features = new Map(defaultFeatures).set('StorageVersionMigrator', true);
  return startTestServer({ backend, groups, storageVersions, features, enabled: () => true });
}

/** A replica's migrator. */
function migrator({ api }: TestServer, takeOverMs?: number): StorageVersionMigrator {
  const one = new StorageVersionMigrator(api.loopback, (error) => failures.push(error), takeOverMs);
  running.push(one);
  return one;
}

/** Autoscalers as an older release has written them, and the server that is now. */
async function upgraded(count: number): Promise<TestServer> {
  const old = await start('autoscaling/v1');
  for (let at = 0; at < count; at++) {
    const spec = {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      maxReplicas: 1 + at,
      behavior: { scaleDown: { stabilizationWindowSeconds: at } },
    };
    const { code, text } = await old.client.post(autoscalers, { metadata: { name: `web-${String(at).padStart(4, '0')}` }, spec });
    if (code !== 201) throw new Error(text);
  }
  return start();
}

async function storedVersions(): Promise<Record<string, number>> {
  const { kvs } = await backend.list(prefix);
  const counts: Record<string, number> = {};
  for (const { value } of kvs) {
    const { apiVersion } = unwrap(value);
    counts[apiVersion] = (counts[apiVersion] ?? 0) + 1;
  }
  return counts;
}

async function request({ client }: TestServer, name: string, resource: object, spec: object = {}): Promise<Migration> {
  return (await client.post(migrations, { metadata: { name }, spec: { resource, ...spec } })).json<Migration>();
}

async function read({ client }: TestServer, name: string): Promise<Migration> {
  return (await client.get(`${migrations}/${name}`)).json<Migration>();
}

function finished(server: TestServer, name: string): Promise<Migration> {
  const isOver = ({ status }: Migration) => status.conditions?.some(({ type }) => type === 'Succeeded' || type === 'Failed');
  return expect
    .poll(async () => isOver(await read(server, name)), { timeout: 20_000 })
    .toBe(true)
    .then(() => read(server, name));
}

const condition = (type: string, status: string, reason: string, message?: string) => ({
  type,
  status,
  lastUpdateTime: expect.any(String),
  reason,
  ...(message !== undefined && { message }),
});
const ran = condition('Running', 'False', 'StorageVersionMigrationInProgress');
const succeeded = [ran, condition('Succeeded', 'True', 'StorageVersionMigrationSucceeded')];

describe('the migrator', () => {
  it.each(['memory', 'embedded'])('rewrites the objects of a resource and says so: %s', async (kind) => {
    if (kind === 'embedded') backend = await EmbeddedBackend.open({ dir });
    const server = await upgraded(230);
    const list = async () => (await server.client.get(autoscalers)).json<{ items: Autoscaler[] }>().items;
    const before = await list();
    expect(await storedVersions()).toEqual({ 'autoscaling/v1': 230 });
    const { metadata } = await request(server, 'upgrade', autoscaler);
    await migrator(server).start();
    const { spec, status } = await read(server, 'upgrade');
    expect(status).toEqual({ conditions: succeeded, resourceVersion: metadata.resourceVersion });
    expect(JSON.parse(Buffer.from(spec.continueToken ?? '', 'base64url').toString())).toEqual({
      v: 'meta.k8s.io/v1',
      rv: -1,
      start: 'a/web-0199\0',
    });
    expect(await storedVersions()).toEqual({ 'autoscaling/v2': 230 });
    const withoutVersions = (items: Autoscaler[]) =>
      items.map((item) => ({ ...item, metadata: { ...item.metadata, resourceVersion: '' } }));
    expect(withoutVersions(await list())).toEqual(withoutVersions(before));
  });

  it('begins as soon as it is asked, and goes on from the token', async () => {
    const server = await upgraded(5);
    const first = (await server.client.get('/apis/autoscaling/v2/horizontalpodautoscalers?limit=3')).json<
      KubeObject & { metadata: { continue: string } }
    >();
    await migrator(server).start();
    await request(server, 'rest', autoscaler, { continueToken: first.metadata.continue });
    expect((await finished(server, 'rest')).status.conditions).toEqual(succeeded);
    expect(await storedVersions()).toEqual({ 'autoscaling/v1': 3, 'autoscaling/v2': 2 });
  });

  it.each([
    [{ group: 'none', version: 'v1', resource: 'things' }, undefined, 'resource does not exist in discovery'],
    [
      { group: '', version: 'v1', resource: 'componentstatuses' },
      undefined,
      'migration encountered unhandled error: list is not supported on resources of kind "componentstatuses"',
    ],
    [
      autoscaler,
      'what?',
      'migration encountered unhandled error: invalid continue token: continue key is not valid: illegal base64 data at input byte 4',
    ],
  ])('fails a migration of %j from %s', async (resource, continueToken, message) => {
    const server = await start();
    await request(server, 'wrong', resource, { continueToken });
    await migrator(server).start();
    const failed = condition('Failed', 'True', 'StorageVersionMigrationFailed', message);
    expect((await read(server, 'wrong')).status.conditions).toEqual(
      continueToken === undefined ? [failed] : [{ ...ran, status: 'False' }, failed],
    );
  });

  it('is the only one of its migration', async () => {
    const server = await upgraded(230);
    await request(server, 'upgrade', autoscaler);
    const watch = await server.client.watch(`${migrations}?watch=true&resourceVersion=0`);
    await Promise.all([migrator(server).start(), migrator(server).start(), migrator(server).start()]);
    await finished(server, 'upgrade');
    const seen: string[] = [];
    while (!seen.at(-1)?.includes('Succeeded')) {
      const event = await watch.next<Migration>();
      if (event === undefined) throw new Error('the watch has ended');
      const { spec, status } = event.object;
      const conditions = status.conditions?.map(({ type }) => type).join() ?? 'new';
      seen.push(spec.continueToken === undefined ? conditions : `${conditions} token`);
    }
    watch.abort();
    expect(seen).toEqual(['new', 'Running', 'Running token', 'Running token', 'Running,Succeeded token']);
    expect(await storedVersions()).toEqual({ 'autoscaling/v2': 230 });
  });

  it('goes on with a migration that another one has left', async () => {
    const server = await upgraded(5);
    const abandoned = await request(server, 'left', autoscaler);
    const left = [condition('Running', 'True', 'StorageVersionMigrationInProgress')].map((one) => ({
      ...one,
      lastUpdateTime: '2025-01-01T00:00:00Z',
    }));
    await server.client.put(`${migrations}/left/status`, { ...abandoned, status: { conditions: left, resourceVersion: '7' } });
    await migrator(server).start();
    expect((await read(server, 'left')).status.conditions).toEqual(left);
    await migrator(server, 500).start();
    const { status } = await finished(server, 'left');
    expect(status).toEqual({ conditions: succeeded, resourceVersion: '7' });
    expect(await storedVersions()).toEqual({ 'autoscaling/v2': 5 });
  });

  it('leaves a migration that is over as it is', async () => {
    const server = await upgraded(1);
    await request(server, 'done', autoscaler);
    await migrator(server).start();
    const done = await read(server, 'done');
    await migrator(server, 0).start();
    expect(await read(server, 'done')).toEqual(done);
  });
});
