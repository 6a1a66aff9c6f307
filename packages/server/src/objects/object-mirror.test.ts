import type { KubeObject, ObjectReceiver } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { StorageError, StoreFeed } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, expect, it } from 'vitest';
import type { Resource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { ServedVersions } from '../served-versions.js';
import { createConfigMaps, createPods } from '../testing/resources.js';
import { ObjectMirror } from './object-mirror.js';

const maps = { group: '', version: 'v1', resource: 'configmaps' };
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The store of a resource, and that it is served. */
async function storeOf(resource: Resource) {
  const backend = new MemoryBackend();
  const feed = new StoreFeed({ backend });
  const store = feed.resource({ prefix: `/registry/${resource.resource}/`, namespaced: true, indexer: resource.form.indexer });
  resource.bind(store);
  await feed.start();
  stops.push(
    () => feed.stop(),
    () => backend.close(),
  );
  const version = resource.byApiVersion('v1') as ResourceVersion;
  const served = new ServedVersions([]);
  served.add(version);
  return { store, version, served };
}

/** A mirror of config maps, with what it was told. */
async function open() {
  const resource = createConfigMaps();
  const { store, version, served } = await storeOf(resource);
  const told: string[] = [];
  const failures: unknown[] = [];
  const tell = (what: string) => (object: KubeObject) => told.push(`${what} ${object.metadata.name} ${object.metadata.resourceVersion}`);
  const mirror = new ObjectMirror(served, maps, { set: tell('set'), delete: tell('delete') }, (error) => failures.push(error));
  stops.unshift(() => mirror.stop());
  const value = (name: string) => resource.form.encode({ metadata: { name, namespace: 'a' } });
  return { served, version, store, mirror, told, failures, create: (name: string) => store.create(`a/${name}`, value(name)) };
}

it('tells what is there before it says that it has, and then what happens', async () => {
  const { store, mirror, told, create } = await open();
  const one = await create('one');
  await mirror.start();
  expect(told).toEqual([`set one ${one.revision}`]);
  const two = await create('two');
  const { current } = await store.update('a/one', () => ({ action: 'delete' }));
  await expect.poll(() => told.slice(1)).toEqual([`set two ${two.revision}`, `delete one ${current?.revision}`]);
});

it('reads a change once for all that follow it alike', async () => {
  const { served, create, mirror } = await open();
  const told: KubeObject[][] = [];
  for (const unmanaged of [{}, {}, { unmanaged: true as const }]) {
    const seen: KubeObject[] = [];
    told.push(seen);
    const other = new ObjectMirror(
      served,
      maps,
      { ...unmanaged, set: (object) => seen.push(object), delete: () => undefined },
      () => undefined,
    );
    stops.unshift(() => other.stop());
    await other.start();
  }
  await mirror.start();
  await create('one');
  await expect.poll(() => told.map((seen) => seen.length)).toEqual([1, 1, 1]);
  const [[one], [same], [another]] = told as [[KubeObject], [KubeObject], [KubeObject]];
  expect([same === one, another === one]).toEqual([true, false]);
});

it('goes on over the end of a watch, and tells only what has changed meanwhile', async () => {
  const { store, mirror, told, failures, create } = await open();
  await create('kept');
  const gone = await create('gone');
  await mirror.start();
  told.length = 0;
  const lost = new StorageError('compacted', 'history is gone');
  (store as unknown as { endWatches(why: Error): void }).endWatches(lost);
  await store.update('a/gone', () => ({ action: 'delete' }));
  const made = await create('made');
  await expect.poll(() => told).toEqual([`set made ${made.revision}`, `delete gone ${gone.revision}`]);
  expect(failures).toEqual([lost]);
});

it('tells nothing after its end', async () => {
  const { served, mirror, told, create } = await open();
  await mirror.start();
  mirror.stop();
  const later: (string | undefined)[] = [];
  const other = new ObjectMirror(
    served,
    maps,
    { set: ({ metadata }) => later.push(metadata.name), delete: () => undefined },
    () => undefined,
  );
  stops.unshift(() => other.stop());
  await other.start();
  await create('late');
  await expect.poll(() => later).toEqual(['late']);
  expect(told).toEqual([]);
});

it('has nothing of what is not served, until it is', async () => {
  const { served, version, mirror, told, failures, create } = await open();
  served.remove(version);
  const one = await create('one');
  await mirror.start();
  expect(told).toEqual([]);
  served.add(version);
  await expect.poll(() => told).toEqual([`set one ${one.revision}`]);
  served.remove(version);
  await expect.poll(() => told.slice(1)).toEqual([`delete one ${one.revision}`]);
  expect(failures).toEqual([]);
});

it('tells everything again, and of no end, when it is served as something else', async () => {
  const { served, version, mirror, told, failures, create } = await open();
  const one = await create('one');
  await mirror.start();
  served.remove(version);
  const other = createConfigMaps();
  other.bind(version.resource.store);
  served.add(other.byApiVersion('v1') as ResourceVersion);
  await expect.poll(() => told).toEqual([`set one ${one.revision}`, `set one ${one.revision}`]);
  const two = await create('two');
  await expect.poll(() => told.slice(2)).toEqual([`set two ${two.revision}`]);
  expect(failures).toEqual([]);
});

it('tells those who look at some fields alone when these have changed', async () => {
  const resource = createPods();
  const { store, served } = await storeOf(resource);
  const told: string[] = [];
  const receiver: ObjectReceiver<core.v1.Pod> = {
    unmanaged: true,
    looksAt: ['spec', 'status.conditions'],
    set: ({ metadata, spec, status }) => {
      told.push(`${metadata.name} ${metadata.labels?.round} on ${spec.nodeName} ${status.conditions?.map(({ type }) => type) ?? ''}`);
    },
    delete: ({ metadata }) => void told.push(`${metadata.name} is gone`),
  };
  const mirror = new ObjectMirror(served, { group: '', version: 'v1', resource: 'pods' }, receiver, () => undefined);
  stops.unshift(() => mirror.stop());
  await mirror.start();
  const pod = (round: string, nodeName: string, ...types: string[]) =>
    resource.form.encode({
      metadata: { name: 'web', namespace: 'a', labels: { round } },
      spec: { containers: [], nodeName },
      status: { phase: round, conditions: types.map((type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: null })) },
    } as core.v1.Pod);
  await store.create('a/web', pod('1', 'x'));
  const changes = [pod('2', 'x'), pod('3', 'y'), pod('4', 'y'), pod('5', 'y', 'A', 'B'), pod('6', 'y', 'A', 'B'), pod('7', 'y', 'A', 'C')];
  for (const value of changes) await store.update('a/web', () => ({ action: 'put', value }));
  await store.update('a/web', () => ({ action: 'delete' }));
  await expect.poll(() => told).toEqual(['web 1 on x ', 'web 3 on y ', 'web 5 on y A,B', 'web 7 on y A,C', 'web is gone']);
});
