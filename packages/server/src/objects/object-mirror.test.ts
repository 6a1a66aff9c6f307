import type { KubeObject } from '@keelson/machinery';
import { StorageError, StoreFeed } from '@keelson/storage';
import { MemoryBackend } from '@keelson/storage/memory';
import { afterEach, expect, it } from 'vitest';
import type { ResourceVersion } from '../resource/resource-version.js';
import { ServedVersions } from '../served-versions.js';
import { createConfigMaps } from '../testing/resources.js';
import { ObjectMirror } from './object-mirror.js';

const maps = { group: '', version: 'v1', resource: 'configmaps' };
const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A mirror of config maps, with what it was told. */
async function open() {
  const backend = new MemoryBackend();
  const feed = new StoreFeed({ backend });
  const resource = createConfigMaps();
  const store = feed.resource({ prefix: '/registry/configmaps/', namespaced: true, indexer: resource.form.indexer });
  resource.bind(store);
  await feed.start();
  const told: string[] = [];
  const failures: unknown[] = [];
  const tell = (what: string) => (object: KubeObject) => told.push(`${what} ${object.metadata.name} ${object.metadata.resourceVersion}`);
  const version = resource.byApiVersion('v1') as ResourceVersion;
  const served = new ServedVersions([]);
  served.add(version);
  const mirror = new ObjectMirror(served, maps, { set: tell('set'), delete: tell('delete') }, (error) => failures.push(error));
  stops.push(
    () => mirror.stop(),
    () => feed.stop(),
    () => backend.close(),
  );
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
  const { mirror, told, create } = await open();
  await mirror.start();
  mirror.stop();
  await create('late');
  await new Promise((resolve) => setTimeout(resolve, 20));
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
