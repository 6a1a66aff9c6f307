import { afterEach, describe, expect, it } from 'vitest';
import { byLabel, bytes, noteOf, RecordingSink } from '../testing/store/index.js';
import { CONSISTENT, closeFeeds, open, PODS } from './testing/open-feed.js';

afterEach(closeFeeds);

describe('registration', () => {
  it('shares one watch among the watchers of a resource that is not cached', async () => {
    const { feed, backend } = await open();
    const events = feed.resource({ ...PODS, prefix: '/registry/events/' }, { cached: false });
    const before = backend.watches;
    const sinks = Array.from({ length: 20 }, () => new RecordingSink());
    for (const sink of sinks) await events.watch({ path: '' }, { from: { at: 'now' } }, sink);
    const created = await events.create('default/e', bytes({}));
    for (const sink of sinks) expect(await sink.take(1)).toEqual([`ADDED default/e - ${created.revision}`]);
    expect(backend.watches - before).toBe(1);
    expect(new Set(sinks.map(({ events: [event] }) => event)).size).toBe(1);
  });

  it('gives resources of one prefix one store', async () => {
    const { feed, pods } = await open();
    expect(feed.resource(PODS)).toBe(pods);
  });

  it('refuses prefixes it would not see', async () => {
    const { feed } = await open();
    expect(() => feed.resource({ ...PODS, prefix: '/other/pods/' })).toThrow(TypeError);
    expect(() => feed.resource({ ...PODS, prefix: '/registry/pods' })).toThrow(TypeError);
  });

  it('fills a cache registered late, with the writes made meanwhile', async () => {
    const { feed, backend } = await open();
    const prefix = '/registry/example.com/flunders/';
    const one = await backend.put(`${prefix}default/a`, bytes({ note: '1' }), 0);
    const gone = await backend.put(`${prefix}default/b`, bytes({ note: '1' }), 0);
    backend.beforeList = async () => {
      backend.beforeList = undefined;
      await backend.put(`${prefix}default/a`, bytes({ note: '2' }), one.revision);
      await backend.delete(`${prefix}default/b`, gone.revision);
      await backend.put(`${prefix}default/c`, bytes({ note: '2' }), 0);
    };
    const flunders = feed.resource({ ...PODS, prefix });
    const sink = new RecordingSink();
    await flunders.watch({ path: '' }, { from: { at: 'initial', freshness: CONSISTENT } }, sink);
    await sink.until(() => sink.bookmarks.length === 1, 'the bookmark');
    const page = await flunders.list({ path: '' }, { freshness: CONSISTENT });
    expect([...page.items].map((object) => `${object.path}=${noteOf(object)}`)).toEqual(['default/a=2', 'default/c=2']);
    expect(new Map(sink.events.map(({ object }) => [object.path, noteOf(object)]))).toEqual(
      new Map([
        ['default/a', '2'],
        ['default/c', '2'],
      ]),
    );
  });

  it('ends the watches of a removed resource', async () => {
    const { feed, watch } = await open();
    const sink = await watch();
    feed.remove(PODS.prefix);
    expect([await sink.error(), feed.stats()]).toEqual([undefined, []]);
  });
});

describe('stats', () => {
  it('count what a cache has done', async () => {
    const { backend, feed, pods, watch, paths } = await open();
    await pods.create('default/a', bytes({ labels: { app: 'x' } }));
    await pods.create('default/b', bytes({}));
    await paths();
    const sink = await watch({ from: { at: 'initial', freshness: CONSISTENT } });
    await expect.poll(() => sink.events.length).toBe(2);
    await feed.dispatched();
    await pods.list({ path: '' }, { freshness: { at: 'any' }, selection: byLabel('app', 'x') });
    const [stats] = feed.stats();
    expect(stats).toMatchObject({
      revision: await backend.currentRevision(),
      received: 2,
      dispatched: 2,
      filled: 1,
      consistent: 1,
      fallback: 0,
      returned: 3,
      uses: new Map([['', { lists: 2, fetched: 4 }]]),
    });
    await expect.poll(() => feed.stats()[0]?.replayed).toBe(2);
  });

  it('count lists by the index they have used, and those that the store had to answer', async () => {
    const { backend, feed, pods } = await open();
    for (let at = 0; at < 250; at++) await pods.create(`default/${at}`, bytes({ labels: { app: String(at) } }));
    await pods.list({ path: '' }, { freshness: CONSISTENT });
    await pods.list({ path: '' }, { freshness: { at: 'any' }, selection: byLabel('app', '7') });
    expect(feed.stats()[0]?.uses.get('l:app')).toEqual({ lists: 1, fetched: 1 });
    backend.revisionOffset = 5;
    backend.progressIsReliable = false;
    await pods.list({ path: '' }, { freshness: CONSISTENT });
    expect(feed.stats()[0]).toMatchObject({ consistent: 1, fallback: 1 });
  });
});
