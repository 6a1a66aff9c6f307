import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { KvBackend, KvListOptions, KvWatchOptions, Revision, WatchBatch } from '../kv.js';
import { MemoryBackend } from '../memory/index.js';
import type { WatchOptions } from '../resource-store.js';
import { StorageError } from '../storage-error.js';
import { byLabel, bytes, noteOf, RecordingSink, testIndexer } from '../testing/store/index.js';
import { StoreFeed } from './store-feed.js';

const CONSISTENT = { at: 'consistent' } as const;
const PODS = { prefix: '/registry/pods/', namespaced: true, indexer: testIndexer };

/** A memory store whose watch can be cut, delayed and answered wrongly. */
class FaultyBackend extends MemoryBackend {
  progressIsReliable = true;
  currentRevisions = 0;
  watches = 0;
  lists: { prefix: string; options: KvListOptions | undefined }[] = [];
  /** Added to the revision that readers are told. */
  revisionOffset = 0;
  beforeList: (() => Promise<void>) | undefined;
  #held: Promise<void> | undefined;
  #release: (() => void) | undefined;
  #cut: ((error: StorageError) => void) | undefined;

  override async currentRevision(): Promise<Revision> {
    this.currentRevisions += 1;
    return (await super.currentRevision()) + this.revisionOffset;
  }

  override async list(prefix: string, options?: KvListOptions) {
    this.lists.push({ prefix, options });
    await this.beforeList?.();
    return super.list(prefix, options);
  }

  /** Batches of the feed wait until `release`. */
  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#release?.();
    this.#held = undefined;
  }

  /** The feed's watch fails. */
  cut(error: StorageError): void {
    this.#cut?.(error);
  }

  override async *watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncGenerator<WatchBatch, void, void> {
    this.watches += 1;
    if (prefix !== '/registry/') {
      yield* super.watch(prefix, from, options);
      return;
    }
    const failure = new Promise<never>((_, reject) => {
      this.#cut = reject;
    });
    failure.catch(() => undefined);
    const batches = super.watch(prefix, from, options)[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([batches.next(), failure]);
      if (next.done === true) return;
      await Promise.race([this.#held, failure]);
      yield next.value;
    }
  }
}

const opened: { feed: StoreFeed; backend: KvBackend }[] = [];

afterEach(async () => {
  for (const { feed, backend } of opened.splice(0)) {
    await feed.stop();
    await backend.close();
  }
});

async function open(start = true) {
  const backend = new FaultyBackend();
  const failures: Error[] = [];
  const feed = new StoreFeed({ backend, onFailure: (failure) => failures.push(failure) });
  opened.push({ feed, backend });
  const pods = feed.resource(PODS);
  if (start) await feed.start();
  const watch = async (options: WatchOptions = { from: { at: 'now' } }) => {
    const sink = new RecordingSink();
    sink.handle = await pods.watch({ path: '' }, options, sink);
    return sink;
  };
  const paths = async () => [...(await pods.list({ path: '' }, { freshness: CONSISTENT })).items].map(({ path }) => path);
  return { backend, feed, pods, watch, paths, failures };
}

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

describe('faults', () => {
  const compacted = new StorageError('compacted', 'compacted');

  it('closes a gap: watchers see the difference, in order, and go on', async () => {
    const { backend, pods, feed, watch, paths } = await open();
    await pods.create('default/a', bytes({ note: '1' }));
    await pods.create('default/b', bytes({ note: '1' }));
    await pods.create('default/c', bytes({ note: '1' }));
    await paths();
    const sink = await watch();
    await sleep(5);
    backend.hold();
    const changed = await pods.update('default/c', () => ({ action: 'put', value: bytes({ note: '2' }) }));
    const deleted = await pods.update('default/a', () => ({ action: 'delete' }));
    const added = await pods.create('default/d', bytes({ note: '2' }));
    backend.cut(compacted);
    backend.release();
    expect(await sink.take(3)).toEqual([
      `MODIFIED default/c 2 ${changed.current?.revision}`,
      `DELETED default/a 1 ${deleted.current?.revision}`,
      `ADDED default/d 2 ${added.revision}`,
    ]);
    const later = await pods.create('default/e', bytes({ note: '3' }));
    expect((await sink.take(4))[3]).toBe(`ADDED default/e 3 ${later.revision}`);
    expect([await paths(), feed.gaps]).toEqual([['default/b', 'default/c', 'default/d', 'default/e'], 1]);
  });

  it('does not serve from memory what a gap made unknown', async () => {
    const { backend, pods, watch } = await open();
    const first = await pods.create('default/a', bytes({ note: '1' }));
    await pods.get('default/a', CONSISTENT);
    backend.hold();
    const second = await pods.update('default/a', () => ({ action: 'put', value: bytes({ note: '2' }) }));
    const third = await pods.update('default/a', () => ({ action: 'put', value: bytes({ note: '3' }) }));
    backend.cut(compacted);
    backend.release();
    await pods.get('default/a', CONSISTENT);
    const at = { at: 'exact', revision: second.current?.revision ?? 0 } as const;
    expect(noteOf((await pods.get('default/a', at)).object)).toBe('2');
    const sink = await watch({ from: { after: first.revision } });
    expect(await sink.take(2)).toEqual([`MODIFIED default/a 2 ${at.revision}`, `MODIFIED default/a 3 ${third.current?.revision}`]);
  });

  it('resumes after other failures without listing again', async () => {
    const { backend, pods, feed, watch, failures } = await open();
    const sink = await watch();
    backend.lists = [];
    backend.cut(new StorageError('unavailable', 'connection lost'));
    const created = await pods.create('default/a', bytes({}));
    expect(await sink.take(1)).toEqual([`ADDED default/a - ${created.revision}`]);
    expect([backend.lists, feed.gaps, failures.map(({ message }) => message)]).toEqual([[], 0, ['connection lost']]);
  });

  it('ends every watch and begins anew when the store went back', async () => {
    const { backend, pods, feed, watch, paths } = await open();
    await pods.create('default/a', bytes({}));
    await paths();
    const sink = await watch();
    backend.revisionOffset = -1;
    await pods.get('default/a', CONSISTENT);
    expect(await sink.error()).toMatchObject({ code: 'compacted' });
    backend.revisionOffset = 0;
    expect(await paths()).toEqual(['default/a']);
    const again = await watch();
    const created = await pods.create('default/b', bytes({}));
    expect((await again.take(1)).at(-1)).toBe(`ADDED default/b - ${created.revision}`);
    expect(feed.ready).toBe(true);
  });

  it('begins a fill anew when its revision was compacted', async () => {
    const { feed, backend, failures } = await open();
    const prefix = '/registry/example.com/flunders/';
    await backend.put(`${prefix}default/a`, bytes({}), 0);
    backend.beforeList = async () => {
      backend.beforeList = undefined;
      const { revision } = await backend.put(`${prefix}default/b`, bytes({}), 0);
      await backend.compact(revision);
    };
    const flunders = feed.resource({ ...PODS, prefix });
    const sink = new RecordingSink();
    await flunders.watch({ path: '' }, { from: { at: 'initial', freshness: CONSISTENT } }, sink);
    expect((await sink.take(2)).map((text) => text.split(' ')[1])).toEqual(['default/a', 'default/b']);
    expect(failures).toMatchObject([{ code: 'compacted' }]);
  });

  it('tells how long it may be behind', async () => {
    const { backend, pods, feed } = await open();
    const before = performance.now();
    await pods.get('default/a', CONSISTENT);
    const fresh = feed.staleMs;
    expect(fresh <= performance.now() - before).toBe(true);
    const after = performance.now();
    backend.currentRevision = () => Promise.reject(new StorageError('unavailable', 'no leader'));
    await expect(pods.get('default/a', CONSISTENT)).rejects.toMatchObject({ code: 'unavailable' });
    await sleep(5);
    const failed = performance.now();
    expect(feed.staleMs >= failed - after).toBe(true);
  });

  it('ends watches without an error when it stops', async () => {
    const { feed, watch } = await open();
    const sink = await watch();
    await feed.stop();
    expect(await sink.error()).toBeUndefined();
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
