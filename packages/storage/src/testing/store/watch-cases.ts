import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { StoreCase } from './store-case.js';
import { byLabel, byNode, bytes, pod } from './test-object.js';

const CONSISTENT = { at: 'consistent' } as const;

export const watchCases: readonly StoreCase[] = [
  {
    name: 'a watch sees creation, update and deletion, in order and with their revisions',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const updated = await fixture.replace('default/web', bytes({ note: 'two' }));
      const deleted = await fixture.delete('default/web');
      expect(await watch.take(3)).toEqual([
        `ADDED default/web one ${created?.revision}`,
        `MODIFIED default/web two ${updated.revision}`,
        `DELETED default/web two ${deleted}`,
      ]);
    },
  },
  {
    name: 'the object of an event carries the revision of the event, the deleted one too',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.delete('default/web');
      await watch.take(2);
      expect(watch.events.map(({ object }) => object.revision)).toEqual(watch.events.map(({ revision }) => revision));
    },
  },
  {
    name: 'a watch from now sees nothing of what was before',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/b'));
      const watch = await fixture.watchAll();
      const [created] = await fixture.create(pod('default/c'));
      expect(await watch.take(1)).toEqual([`ADDED default/c - ${created?.revision}`]);
    },
  },
  {
    name: 'a watch after a revision sees everything since, then goes on live',
    run: async (fixture) => {
      const [a, b] = await fixture.create(pod('default/a'), pod('default/b'));
      const watch = await fixture.watch({ path: '' }, { from: { after: a?.revision ?? 0 } });
      const [c] = await fixture.create(pod('default/c'));
      expect(await watch.take(2)).toEqual([`ADDED default/b - ${b?.revision}`, `ADDED default/c - ${c?.revision}`]);
    },
  },
  {
    name: 'watches begun while writes go on miss nothing and repeat nothing',
    run: async (fixture) => {
      const [first] = await fixture.create(pod('default/p', { note: '0' }));
      const after = first?.revision ?? 0;
      const watches = [];
      for (let i = 1; i <= 60; i++) {
        const writing = fixture.replace('default/p', bytes({ note: `${i}` }));
        if (i % 6 === 0) watches.push(await fixture.watch({ path: '' }, { from: { after } }));
        await writing;
      }
      for (const watch of watches) {
        const notes = (await watch.take(60)).map((text) => text.split(' ')[2]);
        expect(notes).toEqual(Array.from({ length: 60 }, (_, i) => `${i + 1}`));
      }
    },
  },
  {
    name: 'a watch after a future revision skips what comes before it',
    run: async (fixture) => {
      const [a] = await fixture.create(pod('default/a'));
      const watch = await fixture.watch({ path: '' }, { from: { after: (a?.revision ?? 0) + 2 } });
      await sleep(20);
      const created = await fixture.create(pod('default/b'), pod('default/c'), pod('default/d'));
      expect(await watch.take(1)).toEqual([`ADDED default/d - ${created[2]?.revision}`]);
    },
  },
  {
    name: 'a watch of one namespace, of one object and of everything',
    run: async (fixture) => {
      const from = { from: { at: 'now' } } as const;
      const namespace = await fixture.watch({ path: 'b/' }, from);
      const object = await fixture.watch({ path: 'b/web', exact: true }, from);
      const all = await fixture.watch({ path: '' }, from);
      await fixture.create(pod('a/web'), pod('b/web'), pod('b/web2'), pod('bb/web'));
      const paths = async (watch: typeof all, count: number) => (await watch.take(count)).map((text) => text.split(' ')[1]);
      expect(await paths(all, 4)).toEqual(['a/web', 'b/web', 'b/web2', 'bb/web']);
      expect(await paths(namespace, 2)).toEqual(['b/web', 'b/web2']);
      expect(await paths(object, 1)).toEqual(['b/web']);
    },
  },
  {
    name: 'a watch sees nothing of a resource whose prefix begins alike',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      await fixture.podtemplates.create('default/t', bytes({}));
      const [created] = await fixture.create(pod('default/web'));
      expect(await watch.take(1)).toEqual([`ADDED default/web - ${created?.revision}`]);
    },
  },
  {
    name: 'a cluster-scoped resource is watched by name',
    run: async (fixture) => {
      const nodes = fixture.store('minions/', { namespaced: false });
      const selection = { matches: ({ path }: { path: string }) => path === 'n1', fields: { 'metadata.name': 'n1' } };
      const watch = await fixture.watch({ path: '' }, { from: { at: 'now' }, selection }, nodes);
      await nodes.create('n0', bytes({}));
      const created = await nodes.create('n1', bytes({}));
      expect(await watch.take(1)).toEqual([`ADDED n1 - ${created.revision}`]);
    },
  },
  {
    name: 'after stop nothing is delivered',
    run: async (fixture) => {
      const stopped = await fixture.watchAll();
      const other = await fixture.watchAll();
      await fixture.create(pod('default/a'));
      await stopped.take(1);
      await other.take(1);
      stopped.handle?.stop();
      await fixture.create(pod('default/b'));
      await other.take(2);
      expect([stopped.events.length, stopped.ended]).toEqual([1, undefined]);
    },
  },
  {
    name: 'a watcher may stop itself while it is told of an event',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      const other = await fixture.watchAll();
      watch.event = (event) => {
        watch.events.push(event);
        watch.handle?.stop();
      };
      await fixture.create(pod('default/a'), pod('default/b'), pod('default/c'));
      // Two streams: what one has delivered says nothing about the other.
      await Promise.all([watch.take(1), other.take(3)]);
      expect([watch.events.length, watch.ended]).toEqual([1, undefined]);
    },
  },
  {
    name: 'a watcher that fails is ended; the others are served',
    run: async (fixture) => {
      const failing = await fixture.watchAll();
      const other = await fixture.watchAll();
      failing.event = () => {
        throw new Error('the connection is gone');
      };
      await fixture.create(pod('default/a'), pod('default/b'));
      expect((await other.take(2)).length).toBe(2);
      expect((await failing.error())?.message).toBe('the connection is gone');
    },
  },
  {
    name: 'many watchers see the same events',
    run: async (fixture) => {
      const watches = await Promise.all(Array.from({ length: 50 }, () => fixture.watchAll()));
      const [created] = await fixture.create(pod('default/a', { note: 'x' }));
      for (const watch of watches) expect(await watch.take(1)).toEqual([`ADDED default/a x ${created?.revision}`]);
    },
  },
  {
    name: 'the handle tells up to where events have been delivered',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      const [created] = await fixture.create(pod('default/a'));
      await watch.take(1);
      await watch.until(() => (watch.handle?.revision ?? 0) >= (created?.revision ?? 0), 'the revision of the event');
      expect(watch.handle?.revision).toBe(created?.revision);
    },
  },
];

export const selectionCases: readonly StoreCase[] = [
  {
    name: 'an object that enters a selection is added, one that leaves it is deleted',
    run: async (fixture) => {
      const watch = await fixture.watchAll(byLabel('app', 'x'));
      await fixture.create(pod('default/web', { note: '1' }));
      const entered = await fixture.replace('default/web', bytes({ note: '2', labels: { app: 'x' } }));
      const changed = await fixture.replace('default/web', bytes({ note: '3', labels: { app: 'x' } }));
      const left = await fixture.replace('default/web', bytes({ note: '4' }));
      await fixture.delete('default/web');
      const [again] = await fixture.create(pod('default/web', { note: '5', labels: { app: 'x' } }));
      const gone = await fixture.delete('default/web');
      expect(await watch.take(5)).toEqual([
        `ADDED default/web 2 ${entered.revision}`,
        `MODIFIED default/web 3 ${changed.revision}`,
        `DELETED default/web 3 ${left.revision}`,
        `ADDED default/web 5 ${again?.revision}`,
        `DELETED default/web 5 ${gone}`,
      ]);
    },
  },
  {
    name: 'watchers of the trigger field see objects come to their value and go from it',
    run: async (fixture) => {
      const one = await fixture.watchAll(byNode('n1'));
      const two = await fixture.watchAll(byNode('n2'));
      const none = await fixture.watchAll(byNode(''));
      const [created] = await fixture.create(pod('default/web', { note: '1' }));
      const bound = await fixture.replace('default/web', bytes({ note: '2', node: 'n1' }));
      const moved = await fixture.replace('default/web', bytes({ note: '3', node: 'n2' }));
      expect(await none.take(2)).toEqual([`ADDED default/web 1 ${created?.revision}`, `DELETED default/web 1 ${bound.revision}`]);
      expect(await one.take(2)).toEqual([`ADDED default/web 2 ${bound.revision}`, `DELETED default/web 2 ${moved.revision}`]);
      expect(await two.take(1)).toEqual([`ADDED default/web 3 ${moved.revision}`]);
    },
  },
  {
    name: 'a watch from the past applies its selection to what was then',
    run: async (fixture) => {
      const [first] = await fixture.create(pod('default/web', { note: '1', node: 'n1' }));
      const moved = await fixture.replace('default/web', bytes({ note: '2', node: 'n2' }));
      const watch = await fixture.watch({ path: '' }, { from: { after: first?.revision ?? 0 }, selection: byNode('n1') });
      expect(await watch.take(1)).toEqual([`DELETED default/web 1 ${moved.revision}`]);
    },
  },
];

export const initialCases: readonly StoreCase[] = [
  {
    name: 'initial events: every object as added, then the bookmark, then what happens',
    run: async (fixture) => {
      const [a, b] = await fixture.create(pod('default/b'), pod('default/a'));
      const watch = await fixture.watch({ path: '' }, { from: { at: 'initial', freshness: CONSISTENT } });
      await watch.until(() => watch.bookmarks.length > 0, 'the bookmark');
      const [c] = await fixture.create(pod('default/c'));
      expect(await watch.take(3)).toEqual([
        `ADDED default/a - ${b?.revision}`,
        `ADDED default/b - ${a?.revision}`,
        `ADDED default/c - ${c?.revision}`,
      ]);
      expect(watch.bookmarks).toEqual([{ revision: b?.revision, initial: true, afterEvents: 2 }]);
    },
  },
  {
    name: 'initial events of nothing: only the bookmark',
    run: async (fixture) => {
      const watch = await fixture.watch({ path: 'empty/' }, { from: { at: 'initial', freshness: { at: 'any' } } });
      await watch.until(() => watch.bookmarks.length > 0, 'the bookmark');
      expect([watch.events, watch.bookmarks[0]?.initial]).toEqual([[], true]);
    },
  },
  {
    name: 'initial events under a selection',
    run: async (fixture) => {
      await fixture.create(pod('default/a', { node: 'n1' }), pod('default/b', { node: 'n2' }));
      const watch = await fixture.watch({ path: '' }, { from: { at: 'initial', freshness: CONSISTENT }, selection: byNode('n2') });
      await watch.until(() => watch.bookmarks.length > 0, 'the bookmark');
      expect((await watch.take(1)).map((text) => text.split(' ')[1])).toEqual(['default/b']);
    },
  },
  {
    name: 'writes while the initial events are sent come after them, once',
    run: async (fixture) => {
      await fixture.create(...Array.from({ length: 40 }, (_, i) => pod(`default/p${i + 10}`)));
      const watch = await fixture.watch({ path: '' }, { from: { at: 'initial', freshness: CONSISTENT } });
      for (let i = 0; i < 40; i++) await fixture.replace(`default/p${i + 10}`, bytes({ note: 'new' }));
      await watch.until(() => watch.events.filter(({ object }) => object.value.includes('new')).length === 40, 'the last write');
      const state = new Map(watch.events.map(({ object }) => [object.path, object.revision]));
      const listed = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT });
      expect([...state]).toEqual([...listed.items].map((object) => [object.path, object.revision]));
      const afterBookmark = watch.events.slice(watch.bookmarks[0]?.afterEvents);
      expect(afterBookmark.every(({ type, revision }) => type === 'MODIFIED' && revision > (watch.bookmarks[0]?.revision ?? 0))).toBe(true);
    },
  },
];

export const historyCases: readonly StoreCase[] = [
  {
    name: 'a watch from a revision before the caches began is served from history',
    run: async (fixture) => {
      const late = fixture.store('late/');
      const key = `${fixture.prefix}early/default/web`;
      const first = await fixture.backend.put(key, bytes({ note: 'one' }), 0);
      const second = await fixture.backend.put(key, bytes({ note: 'two' }), first.revision);
      await fixture.backend.delete(key, second.revision);
      const third = await fixture.backend.put(key, bytes({ note: 'three' }), 0);
      await late.create('default/x', bytes({}));
      const early = fixture.store('early/');
      await early.get('default/web', CONSISTENT);
      const watch = await fixture.watch({ path: '' }, { from: { after: first.revision } }, early);
      await watch.take(3);
      const current = await early.update('default/web', () => ({ action: 'put', value: bytes({ note: 'four' }) }));
      expect(await watch.take(4)).toEqual([
        `MODIFIED default/web two ${second.revision}`,
        `DELETED default/web two ${third.revision - 1}`,
        `ADDED default/web three ${third.revision}`,
        `MODIFIED default/web four ${current.current?.revision}`,
      ]);
    },
  },
  {
    name: 'a watch from a compacted revision ends with compacted',
    run: async (fixture) => {
      const [first] = await fixture.create(pod('default/web', { note: '0' }));
      let last = 0;
      for (let i = 1; i <= 150; i++) last = (await fixture.replace('default/web', bytes({ note: `${i}` }))).revision;
      await fixture.backend.compact(last);
      await fixture.paths();
      const watch = await fixture.watch({ path: '' }, { from: { after: (first?.revision ?? 0) - 1 } });
      expect(await watch.error()).toMatchObject({ code: 'compacted' });
      expect(watch.events.every(({ object }) => object.path === 'default/web')).toBe(true);
    },
  },
  {
    name: 'compaction does not disturb a watch that is up to date',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      const [a] = await fixture.create(pod('default/a'));
      await watch.take(1);
      await fixture.backend.compact(a?.revision ?? 0);
      const [b] = await fixture.create(pod('default/b'));
      expect((await watch.take(2))[1]).toBe(`ADDED default/b - ${b?.revision}`);
    },
  },
];
