import { afterEach, describe, expect, it } from 'vitest';
import { byLabel, bytes, noteOf, RecordingSink } from '../testing/store/index.js';
import { CONSISTENT, closeFeeds, open, PODS } from './testing/open-feed.js';

afterEach(closeFeeds);

describe('reading', () => {
  it('reads from memory: a consistent read asks the store only for its revision', async () => {
    const { backend, pods, paths } = await open();
    await pods.create('default/a', bytes({}));
    backend.lists = [];
    expect(await paths()).toEqual(['default/a']);
    expect(backend.lists).toEqual([]);
  });

  it('reads at once what needs no waiting for', async () => {
    const { pods } = await open();
    const { revision } = await pods.create('default/a', bytes({}));
    await pods.get('default/a', CONSISTENT);
    for (const freshness of [{ at: 'any' }, { at: 'notOlderThan', revision }] as const) {
      expect(pods.get('default/a', freshness)).toMatchObject({ object: { path: 'default/a' }, revision });
      expect(pods.get('default/b', freshness)).toEqual({ revision });
    }
    expect(pods.get('default/a', CONSISTENT)).toBeInstanceOf(Promise);
    expect(pods.get('default/a', { at: 'notOlderThan', revision: revision + 1 })).toBeInstanceOf(Promise);
  });

  it('shares one barrier among the readers of a moment', async () => {
    const { backend, pods } = await open();
    await pods.create('default/a', bytes({}));
    await pods.get('default/a', CONSISTENT);
    backend.currentRevisions = 0;
    await Promise.all(Array.from({ length: 100 }, () => pods.get('default/a', CONSISTENT)));
    expect(backend.currentRevisions).toBe(1);
  });

  it('waits for the feed when it is behind', async () => {
    const { backend, pods } = await open();
    backend.hold();
    await pods.create('default/a', bytes({ note: 'one' }));
    const reading = pods.get('default/a', CONSISTENT);
    expect((await pods.get('default/a', { at: 'any' })).object).toBeUndefined();
    backend.lists = [];
    backend.release();
    expect(noteOf((await reading).object)).toBe('one');
  });

  it('asks the store itself when progress cannot be had', async () => {
    const { backend, pods, feed } = await open();
    await pods.create('default/a', bytes({}));
    await pods.get('default/a', CONSISTENT);
    backend.progressIsReliable = false;
    backend.requestProgress = () => undefined;
    await backend.put('elsewhere', Buffer.from('x'), 0);
    const { revision } = await pods.list({ path: '' }, { freshness: CONSISTENT });
    expect(revision).toBe((await backend.get('elsewhere')).kv?.modRevision);
    expect(feed.revision).toBe(revision - 1);
  });

  it('moves on by progress when a write elsewhere raised the revision', async () => {
    const { backend, pods } = await open();
    await pods.create('default/a', bytes({}));
    await backend.put('elsewhere', Buffer.from('x'), 0);
    backend.lists = [];
    await pods.list({ path: '' }, { freshness: CONSISTENT });
    expect(backend.lists).toEqual([]);
  });

  it('keeps to the revision of an exact list while an index is built for it', async () => {
    const { backend, pods } = await open();
    for (let i = 0; i < 300; i++) await pods.create(`default/p${i}`, bytes({ labels: { app: `a${i % 2}` } }));
    const { revision } = await pods.get('default/p0', CONSISTENT);
    const listing = pods.list({ path: '' }, { freshness: { at: 'exact', revision }, selection: byLabel('app', 'a1') });
    await backend.put('/registry/pods/default/q', bytes({ labels: { app: 'a1' } }), 0);
    const page = await listing;
    expect([page.length, page.revision]).toEqual([150, revision]);
  });

  it('knows no longer what the store has discarded, though it remembers', async () => {
    const { backend, pods, paths } = await open();
    const { revision } = await pods.create('default/a', bytes({}));
    const { revision: later } = await pods.create('default/b', bytes({}));
    expect(await paths()).toEqual(['default/a', 'default/b']);
    const past = async () => [...(await pods.list({ path: '' }, { freshness: { at: 'exact', revision } })).items].map(({ path }) => path);
    expect(await past()).toEqual(['default/a']);
    await backend.compact(later);
    await expect(past()).rejects.toMatchObject({ code: 'compacted', revision: later });
    await expect(pods.get('default/a', { at: 'exact', revision })).rejects.toMatchObject({ code: 'compacted', revision: later });
  });

  it('reads from the store after the feed has stopped', async () => {
    const { pods, paths, feed } = await open();
    await pods.create('default/a', bytes({}));
    await paths();
    await feed.stop();
    await pods.create('default/b', bytes({}));
    expect([(await pods.list({ path: '' }, { freshness: { at: 'any' } })).length, await paths()]).toEqual([2, ['default/a', 'default/b']]);
    await expect(pods.watch({ path: '' }, { from: { at: 'now' } }, new RecordingSink())).rejects.toMatchObject({ code: 'closed' });
  });

  it('reads from the store before the feed has begun', async () => {
    const { pods, paths, feed } = await open(false);
    await pods.create('default/a', bytes({}));
    expect([await paths(), feed.ready, await pods.count()]).toEqual([['default/a'], false, 1]);
  });

  it('keeps nothing of a resource that is not cached', async () => {
    const { feed, backend } = await open();
    const events = feed.resource({ ...PODS, prefix: '/registry/events/' }, { cached: false });
    const sink = new RecordingSink();
    await events.watch({ path: '' }, { from: { at: 'now' } }, sink);
    const created = await events.create('default/e', bytes({ note: 'one' }));
    expect(await sink.take(1)).toEqual([`ADDED default/e one ${created.revision}`]);
    backend.lists = [];
    await events.list({ path: '' }, { freshness: CONSISTENT });
    expect(backend.lists.map(({ prefix }) => prefix)).toEqual(['/registry/events/']);
    expect(feed.stats().map(({ prefix }) => prefix)).toEqual(['/registry/pods/']);
  });

  it('remembers how much the last list of it found, of a resource that is not cached', async () => {
    const { feed } = await open();
    const events = feed.resource({ ...PODS, prefix: '/registry/events/' }, { cached: false });
    const value = bytes({ note: 'one' });
    for (const name of ['a/1', 'a/2', 'b/1', 'b/2']) await events.create(name, value);
    const sizes = () => ['', 'a/', 'c/'].map((path) => events.sizeOf?.({ path }));
    expect(sizes()).toEqual([undefined, undefined, undefined]);
    await events.list({ path: '' }, { freshness: CONSISTENT, limit: 3 });
    await events.list({ path: 'a/' }, { freshness: CONSISTENT, selection: byLabel('app', 'x') });
    const all = { objects: 4, bytes: 4 * value.length };
    expect(sizes()).toEqual([all, undefined, undefined]);
    await events.list({ path: 'a/' }, { freshness: CONSISTENT });
    await events.list({ path: 'c/' }, { freshness: CONSISTENT });
    expect(sizes()).toEqual([all, { objects: 2, bytes: 2 * value.length }, { objects: 0, bytes: 0 }]);
  });
});
