import type { core } from '@keelson/schema';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';
import { startWatchedMaps, type WatchedMaps } from './testing/watched-maps.js';

let fixture: WatchedMaps;
let server: WatchedMaps['server'];
let client: WatchedMaps['client'];
let h2: WatchedMaps['h2'];
let watch: WatchedMaps['watch'];
let create: WatchedMaps['create'];
let label: WatchedMaps['label'];
let maps: string;
beforeAll(async () => {
  fixture = await startWatchedMaps();
  ({ server, client, h2, watch, create, label } = fixture);
});
afterAll(stopTestServers);
beforeEach(() => {
  maps = fixture.nextCase();
});
afterEach(() => fixture.endCase());

describe('watch', () => {
  it.each([
    ['HTTP/1.1', () => client],
    ['HTTP/2', () => h2],
  ])('tells what is there and then what happens, over %s', async (_, by) => {
    await create('one');
    const events = await watch(`${maps}?watch=true`, {}, by());
    expect([events.code, events.headers['content-type']]).toEqual([200, 'application/json']);
    expect(await events.take(1)).toEqual(['ADDED one']);
    await create('two');
    await label('one', 'x');
    await client.delete(`${maps}/two`);
    expect(await events.take(3)).toEqual(['ADDED two', 'MODIFIED one', 'DELETED two']);
  });

  it('begins behind the revision it names', async () => {
    await create('one');
    const revision = await create('two');
    await create('three');
    expect(await (await watch(`${maps}?watch=1&resourceVersion=${revision}`)).take(1)).toEqual(['ADDED three']);
  });

  it('carries whole objects, the deleted one at the revision of its deletion', async () => {
    await create('one', { data: { k: 'v' } });
    const events = await watch(`${maps}?watch=1`);
    const added = await events.next();
    expect(added?.object).toEqual((await client.get(`${maps}/one`)).json());
    await client.delete(`${maps}/one`);
    const deleted = await events.next();
    expect(deleted?.object).toMatchObject({ kind: 'ConfigMap', metadata: { uid: added?.object.metadata.uid }, data: { k: 'v' } });
    expect(Number(deleted?.object.metadata.resourceVersion)).toBeGreaterThan(Number(added?.object.metadata.resourceVersion));
  });

  it('is told of an object that enters or leaves its selection as of one that is made or gone', async () => {
    await create('one', { labels: { app: 'web' } });
    const events = await watch(`${maps}?watch=1&labelSelector=app%3Dweb`);
    expect(await events.take(1)).toEqual(['ADDED one']);
    await label('one', 'db');
    await label('one', 'cache');
    await label('one', 'web');
    await client.patch(`${maps}/one`, 'merge-patch+json', { data: { k: 'v' } });
    await client.delete(`${maps}/one`);
    expect(await events.take(4)).toEqual(['DELETED one', 'ADDED one', 'MODIFIED one', 'DELETED one']);
  });

  it('shows an object that leaves the selection in its last selected state', async () => {
    await create('one', { labels: { app: 'web' } });
    const events = await watch(`${maps}?watch=1&labelSelector=app%3Dweb`);
    await events.take(1);
    await label('one', 'db');
    expect((await events.next())?.object.metadata.labels).toEqual({ app: 'web' });
  });

  it('can be of one object', async () => {
    const events = await watch(`${maps}?watch=1&fieldSelector=metadata.name%3Dtwo`);
    await create('one');
    await create('two');
    expect(await events.take(1)).toEqual(['ADDED two']);
  });

  it('follows pods of one node', async () => {
    const pods = maps.replace('configmaps', 'pods');
    const pod = (name: string, nodeName: string) => client.post(pods, { metadata: { name }, spec: { nodeName, containers: [] } });
    const events = await watch('/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dn1');
    await pod('a', 'n2');
    await pod('b', 'n1');
    expect(await events.take(1)).toEqual(['ADDED b']);
  });

  it('by the old path is the same', async () => {
    await create('one');
    expect(await (await watch(maps.replace('/api/v1/', '/api/v1/watch/'))).take(1)).toEqual(['ADDED one']);
    expect(await (await watch(`${maps.replace('/api/v1/', '/api/v1/watch/')}/one`)).take(1)).toEqual(['ADDED one']);
  });

  it('ends when its time is up', async () => {
    await create('one');
    const events = await watch(`${maps}?watch=1&timeoutSeconds=1`);
    expect((await events.rest()).map(({ type }) => type)).toEqual(['ADDED']);
  });

  it('says how far it has come before it ends', async () => {
    const revision = await create('one');
    const events = await watch(`${maps}?watch=1&timeoutSeconds=3&allowWatchBookmarks=true`);
    const [added, state, bookmark, ...more] = await events.rest();
    expect([added?.type, state?.type, bookmark?.type, more]).toEqual(['ADDED', 'BOOKMARK', 'BOOKMARK', []]);
    expect(bookmark?.object.metadata.annotations).toBeUndefined();
    expect(bookmark?.object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: expect.any(String) } });
    expect(Number(bookmark?.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(revision));
  });

  it('may be asked for longer than any timer runs', async () => {
    const events = await watch(`${maps}?watch=1&timeoutSeconds=9999999999`);
    await create('one');
    expect(await events.take(1)).toEqual(['ADDED one']);
    await create('two');
    expect(await events.take(1)).toEqual(['ADDED two']);
  });

  it.each([
    ['resourceVersion=x', '500 : resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax'],
    [
      'resourceVersionMatch=Exact&resourceVersion=1',
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    ],
    [
      'sendInitialEvents=true',
      '422 Invalid: ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    ['timeoutSeconds=x', '400 BadRequest: strconv.ParseInt: parsing "x": invalid syntax'],
    ['fieldSelector=data%3Dx', '400 BadRequest: "data" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ])('refuses %s', async (query, expected) => {
    expect((await client.get(`${maps}?watch=1&${query}`)).failure).toBe(expected);
  });

  it('says nothing after a revision that has not come', async () => {
    const events = await watch(`${maps}?watch=1&resourceVersion=900000000&timeoutSeconds=1`);
    expect([events.code, await events.rest()]).toEqual([200, []]);
  });

  it('is told when its revision is out of history', async () => {
    await create('one');
    const revision = await create('two');
    await server.backend.compact(Number(revision));
    const other = await startTestServer({ backend: server.backend });
    const events = await other.client.watch(`${maps}?watch=1&resourceVersion=1`);
    expect(await events.rest()).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: `too old resource version: 1 (${revision})`,
          reason: 'Expired',
          code: 410,
        },
      },
    ]);
  });
});

describe('watch as list', () => {
  const asList = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

  it('marks the end of what was there', async () => {
    await create('one');
    await create('two');
    const events = await watch(`${maps}?${asList}`);
    expect(await events.take(2)).toEqual(['ADDED one', 'ADDED two']);
    const end = await events.next();
    expect(end).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: expect.any(String), annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    await create('three');
    expect(await events.take(1)).toEqual(['ADDED three']);
  });

  it.each(['', '&resourceVersion=0'])('is what a watch without a revision is, too%s', async (revision) => {
    await create('one');
    const events = await watch(`${maps}?watch=1&allowWatchBookmarks=true${revision}`);
    expect(await events.take(1)).toEqual(['ADDED one']);
    expect(await events.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  it('marks nothing for those who take no bookmarks', async () => {
    await create('one');
    for (const query of ['sendInitialEvents=true&resourceVersionMatch=NotOlderThan', 'resourceVersion=0']) {
      const events = await watch(`${maps}?watch=1&${query}&timeoutSeconds=1`);
      expect(await events.take(1)).toEqual(['ADDED one']);
      expect(await events.rest()).toEqual([]);
    }
  });

  it('brings more than one connection takes at once, at the pace of its reader', async () => {
    const data = { k: 'x'.repeat(1024 * 1024) };
    for (let at = 0; at < 24; at++) await create(`big-${String(at).padStart(2, '0')}`, { data });
    for (const by of [client, h2]) {
      const events = await watch(`${maps}?${asList}`, {}, by);
      // Time for a server that does not wait to send more than it may hold.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const names = await events.take(24);
      expect(names).toEqual(Array.from({ length: 24 }, (_, at) => `ADDED big-${String(at).padStart(2, '0')}`));
      expect((await events.next())?.type).toBe('BOOKMARK');
    }
  });
});

describe('a watch that ends', () => {
  const watchers = () => server.api.feed.stats().reduce((sum, { watchers }) => sum + watchers, 0);

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it.each([
    ['HTTP/1.1', () => client],
    ['HTTP/2', () => h2],
  ])('leaves nothing behind when its client goes, over %s', async (_, by) => {
    await until(() => watchers() === 0 && server.api.inFlight.count === 0);
    const readers = await Promise.all(Array.from({ length: 20 }, () => watch(`${maps}?watch=1`, {}, by())));
    await until(() => watchers() === 20);
    expect(server.api.inFlight.count).toBe(20);
    for (const reader of readers) reader.abort();
    await until(() => watchers() === 0 && server.api.inFlight.count === 0);
  });

  it('leaves nothing behind when its client goes before it is open', async () => {
    const requests = Array.from({ length: 20 }, () =>
      client.open('GET', `${maps}?watch=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`),
    );
    for (const response of await Promise.all(requests)) response.abort();
    await until(() => watchers() === 0 && server.api.inFlight.count === 0);
  });

  it.each([
    ['HTTP/1.1', () => client],
    ['HTTP/2', () => h2],
  ])('is cut when its reader is too slow, and holds nobody else up, over %s', async (_, by) => {
    await create('big', { data: { k: '' } });
    const slow = await by().open('GET', `${maps}?watch=1`);
    slow.body.pause();
    const quick = await watch(`${maps}?watch=1`);
    await quick.take(1);
    await until(() => watchers() === 2);
    for (let round = 1; watchers() === 2; round++) {
      const k = `${round}`.padEnd(1024 * 1024, 'x');
      expect((await client.patch(`${maps}/big`, 'merge-patch+json', { data: { k } })).code).toBe(200);
      expect((await quick.next<core.v1.ConfigMap>())?.object.data).toEqual({ k });
    }
    expect(watchers()).toBe(1);
    slow.abort();
  });
});
