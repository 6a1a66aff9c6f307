import { expect } from 'vitest';
import type { KeyRange, ListPage } from '../../resource-store.js';
import type { StoreCase } from './store-case.js';
import type { StoreFixture } from './store-fixture.js';
import { byLabel, byNode, bytes, noteOf, notLabelled, pod } from './test-object.js';

const CONSISTENT = { at: 'consistent' } as const;

export const getCases: readonly StoreCase[] = [
  {
    name: 'a consistent get sees every acknowledged write',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: '0' }));
      for (let i = 1; i <= 20; i++) {
        await fixture.replace('default/web', bytes({ note: `${i}` }));
        expect(noteOf((await fixture.pods.get('default/web', CONSISTENT)).object)).toBe(`${i}`);
      }
    },
  },
  {
    name: 'a get of what is not there gives a revision and no object',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web'));
      const { object, revision } = await fixture.pods.get('default/other', CONSISTENT);
      expect([object, revision >= (created?.revision ?? 0)]).toEqual([undefined, true]);
    },
  },
  {
    name: 'a get not older than a revision waits for it',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const at = { at: 'notOlderThan', revision: created?.revision ?? 0 } as const;
      expect(noteOf((await fixture.pods.get('default/web', at)).object)).toBe('one');
    },
  },
  {
    name: 'a get not older than a future revision fails and tells the current one',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web'));
      const get = fixture.pods.get('default/web', { at: 'notOlderThan', revision: (created?.revision ?? 0) + 1000 });
      await expect(get).rejects.toMatchObject({ code: 'futureRevision', revision: created?.revision });
    },
  },
  {
    name: 'an exact get shows the state of that revision, also of a deleted object',
    run: async (fixture) => {
      const [one] = await fixture.create(pod('default/web', { note: 'one' }));
      const two = await fixture.replace('default/web', bytes({ note: 'two' }));
      await fixture.delete('default/web');
      await fixture.paths();
      const at = (revision: number) => fixture.pods.get('default/web', { at: 'exact', revision });
      expect(noteOf((await at(one?.revision ?? 0)).object)).toBe('one');
      expect(noteOf((await at(two.revision)).object)).toBe('two');
      expect((await at(two.revision)).object?.revision).toBe(two.revision);
      expect((await at((one?.revision ?? 0) - 1)).object).toBeUndefined();
    },
  },
  {
    name: 'an exact get of a compacted revision fails',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      for (let i = 0; i < 150; i++) await fixture.replace('default/web', bytes({ note: `${i}` }));
      const last = await fixture.replace('default/web', bytes({ note: 'last' }));
      await fixture.backend.compact(last.revision);
      await fixture.paths();
      const get = fixture.pods.get('default/web', { at: 'exact', revision: (created?.revision ?? 0) - 1 });
      await expect(get).rejects.toMatchObject({ code: 'compacted' });
    },
  },
  {
    name: 'names that look like members of every object are only names',
    run: async (fixture) => {
      await fixture.create(pod('default/__proto__', { note: 'one' }), pod('default/constructor', { note: 'two' }));
      expect(await fixture.paths()).toEqual(['default/__proto__', 'default/constructor']);
      expect((await fixture.pods.get('default/toString', CONSISTENT)).object).toBeUndefined();
    },
  },
];

export const listCases: readonly StoreCase[] = [
  {
    name: 'a list of nothing has a revision',
    run: async (fixture) => {
      const page = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT });
      expect([[...page.items], page.length, page.revision > 0, page.continueAfter]).toEqual([[], 0, true, undefined]);
    },
  },
  {
    name: 'a list is in byte order of keys',
    run: async (fixture) => {
      const paths = ['default/b', 'default/a', 'default-1/a', 'default/a.b', 'default/a-b', 'a/z', 'default/\u{1F600}', 'default/\uFFFD'];
      await fixture.create(...paths.map((path) => pod(path)));
      const expected = [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await fixture.paths()).toEqual(expected);
    },
  },
  {
    name: 'a consistent list sees every acknowledged write and nothing later',
    run: async (fixture) => {
      for (let i = 0; i < 10; i++) {
        const [created] = await fixture.create(pod(`default/p${i}`));
        const page = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT });
        expect([page.length, page.revision]).toEqual([i + 1, created?.revision]);
      }
    },
  },
  {
    name: 'a list of one namespace holds only its objects',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default-2/a'), pod('defaul/a'), pod('default/b'));
      expect(await fixture.paths({}, { path: 'default/' })).toEqual(['default/a', 'default/b']);
    },
  },
  {
    name: 'an exact range holds one object or none',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/ab'));
      expect(await fixture.paths({}, { path: 'default/a', exact: true })).toEqual(['default/a']);
      expect(await fixture.paths({}, { path: 'default/x', exact: true })).toEqual([]);
      expect(await fixture.paths({ selection: byNode('n1') }, { path: 'default/a', exact: true })).toEqual([]);
    },
  },
  {
    name: 'resources whose prefixes begin alike do not mix',
    run: async (fixture) => {
      await fixture.create(pod('default/a'));
      await fixture.podtemplates.create('default/t', bytes({}));
      const templates = await fixture.podtemplates.list({ path: '' }, { freshness: CONSISTENT });
      expect([await fixture.paths(), [...templates.items].map((object) => object.path)]).toEqual([['default/a'], ['default/t']]);
    },
  },
  {
    name: 'the revision of a list moves with writes of other resources',
    run: async (fixture) => {
      await fixture.create(pod('default/a'));
      const template = await fixture.podtemplates.create('default/t', bytes({}));
      const page = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT });
      expect(page.revision).toBe(template.revision);
    },
  },
  {
    name: 'a list by label, by field and by an arbitrary selector',
    run: async (fixture) => {
      await fixture.create(
        pod('default/a', { labels: { app: 'x' }, node: 'n1' }),
        pod('default/b', { labels: { app: 'y' }, node: 'n1' }),
        pod('other/c', { labels: { app: 'x' }, node: 'n2' }),
        pod('other/d', {}),
      );
      expect(await fixture.paths({ selection: byLabel('app', 'x') })).toEqual(['default/a', 'other/c']);
      expect(await fixture.paths({ selection: byLabel('app', 'x') }, { path: 'other/' })).toEqual(['other/c']);
      expect(await fixture.paths({ selection: byNode('n1') })).toEqual(['default/a', 'default/b']);
      expect(await fixture.paths({ selection: byNode('') })).toEqual(['other/d']);
      expect(await fixture.paths({ selection: notLabelled('app') })).toEqual(['other/d']);
      expect(await fixture.paths({ selection: byLabel('__proto__', 'x') })).toEqual([]);
    },
  },
  {
    name: 'selection by name and namespace',
    run: async (fixture) => {
      await fixture.create(pod('a/web'), pod('b/web'), pod('b/db'));
      const named = (fields: Record<string, string>) => ({
        selection: {
          fields,
          matches: ({ path }: { path: string }) =>
            (fields['metadata.name'] === undefined || path.endsWith(`/${fields['metadata.name']}`)) &&
            (fields['metadata.namespace'] === undefined || path.startsWith(`${fields['metadata.namespace']}/`)),
        },
      });
      expect(await fixture.paths(named({ 'metadata.name': 'web' }))).toEqual(['a/web', 'b/web']);
      expect(await fixture.paths(named({ 'metadata.name': 'web' }), { path: 'b/' })).toEqual(['b/web']);
      expect(await fixture.paths(named({ 'metadata.namespace': 'b' }))).toEqual(['b/db', 'b/web']);
      expect(await fixture.paths(named({ 'metadata.namespace': 'b', 'metadata.name': 'db' }))).toEqual(['b/db']);
    },
  },
  {
    name: 'an index stays right through updates and deletes',
    run: async (fixture) => {
      const many = Array.from({ length: 260 }, (_, i) => pod(`default/p${String(i).padStart(3, '0')}`, { labels: { app: `a${i % 26}` } }));
      await fixture.create(...many);
      expect(await fixture.paths({ selection: byLabel('app', 'a3') })).toHaveLength(10);
      await fixture.replace('default/p003', bytes({ labels: { app: 'moved' } }));
      await fixture.delete('default/p029');
      await fixture.create(pod('default/new', { labels: { app: 'a3' } }));
      const paths = await fixture.paths({ selection: byLabel('app', 'a3') });
      expect(paths).toEqual(['default/new', ...many.filter((_, i) => i % 26 === 3 && i !== 3 && i !== 29).map(({ path }) => path)]);
      expect(await fixture.paths({ selection: byLabel('app', 'moved') })).toEqual(['default/p003']);
    },
  },
  {
    name: 'a list not older than a future revision fails',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/a'));
      const freshness = { at: 'notOlderThan', revision: (created?.revision ?? 0) + 1000 } as const;
      await expect(fixture.pods.list({ path: '' }, { freshness })).rejects.toMatchObject({ code: 'futureRevision' });
    },
  },
  {
    name: 'an exact list of a future revision fails',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/a'));
      const freshness = { at: 'exact', revision: (created?.revision ?? 0) + 1000 } as const;
      await expect(fixture.pods.list({ path: '' }, { freshness })).rejects.toMatchObject({ code: 'futureRevision' });
    },
  },
  {
    name: 'an exact list shows the state of its revision: created, changed and deleted objects undone',
    run: async (fixture) => {
      await fixture.create(pod('default/a', { note: '1' }), pod('default/b', { note: '1' }), pod('other/c', { note: '1' }));
      const { revision } = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT });
      await fixture.replace('default/a', bytes({ note: '2' }));
      await fixture.delete('default/b');
      await fixture.create(pod('default/aa', { note: '2' }), pod('default/b', { note: '2' }));
      await fixture.replace('default/a', bytes({ note: '3' }));
      await fixture.paths();
      const notes = async (range: KeyRange, options = {}) => {
        const page = await fixture.pods.list(range, { freshness: { at: 'exact', revision }, ...options });
        expect(page.revision).toBe(revision);
        return [...page.items].map((object) => `${object.path}=${noteOf(object)}`);
      };
      expect(await notes({ path: '' })).toEqual(['default/a=1', 'default/b=1', 'other/c=1']);
      expect(await notes({ path: 'default/' }, { after: 'default/a' })).toEqual(['default/b=1']);
      expect(await notes({ path: 'default/aa', exact: true })).toEqual([]);
      expect(await notes({ path: 'default/b', exact: true })).toEqual(['default/b=1']);
      expect(await fixture.paths()).toEqual(['default/a', 'default/aa', 'default/b', 'other/c']);
    },
  },
  {
    name: 'a page is a snapshot: writes while it is read do not show',
    run: async (fixture) => {
      await fixture.create(...Array.from({ length: 30 }, (_, i) => pod(`default/p${i + 10}`, { note: 'old' })));
      const page = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT });
      const iterator = page.items[Symbol.iterator]();
      const first = iterator.next();
      await fixture.replace('default/p20', bytes({ note: 'new' }));
      await fixture.delete('default/p21');
      await fixture.create(pod('default/p22a', { note: 'new' }));
      await fixture.paths();
      const rest = [...{ [Symbol.iterator]: () => iterator }];
      expect([first.done, rest.length, new Set(rest.map(noteOf))]).toEqual([false, 29, new Set(['old'])]);
    },
  },
];

export const pageCases: readonly StoreCase[] = [
  {
    name: 'pages follow each other at one revision while writes go on',
    run: async (fixture) => {
      const paths = Array.from({ length: 25 }, (_, i) => `default/p${i + 10}`);
      await fixture.create(...paths.map((path) => pod(path)));
      const pages = await allPages(fixture, { path: '' }, 10, async (page) => {
        await fixture.create(pod(`default/p1${page}x`), pod(`default/z${page}`));
        await fixture.paths();
      });
      expect(pages.flatMap((page) => [...page.items].map((object) => object.path))).toEqual(paths);
      expect(pages.map((page) => [page.length, page.remaining])).toEqual([
        [10, 15],
        [10, 5],
        [5, undefined],
      ]);
      expect(new Set(pages.map((page) => page.revision)).size).toBe(1);
    },
  },
  {
    name: 'a limit that fits exactly leaves nothing to continue',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/b'));
      const page = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT, limit: 2 });
      expect([page.length, page.continueAfter, page.remaining]).toEqual([2, undefined, undefined]);
    },
  },
  {
    name: 'pages of a namespace stay within it',
    run: async (fixture) => {
      await fixture.create(pod('a/1'), pod('b/1'), pod('b/2'), pod('b/3'), pod('c/1'));
      const pages = await allPages(fixture, { path: 'b/' }, 2);
      expect(pages.map((page) => [...page.items].map((object) => object.path))).toEqual([['b/1', 'b/2'], ['b/3']]);
    },
  },
  {
    name: 'with a selection a page holds as many matches as asked for, and says nothing about the rest',
    run: async (fixture) => {
      await fixture.create(...Array.from({ length: 20 }, (_, i) => pod(`default/p${i + 10}`, { labels: { odd: `${i % 2}` } })));
      const page = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT, limit: 4, selection: byLabel('odd', '1') });
      expect([...page.items].map((object) => object.path)).toEqual(['default/p11', 'default/p13', 'default/p15', 'default/p17']);
      expect([page.continueAfter, page.remaining]).toEqual(['default/p17', undefined]);
      const { revision, continueAfter } = page;
      const rest = await fixture.paths({
        freshness: { at: 'exact', revision },
        limit: 100,
        selection: byLabel('odd', '1'),
        ...(continueAfter && { after: continueAfter }),
      });
      expect(rest).toHaveLength(6);
    },
  },
  {
    name: 'a page behind a key that is gone goes on behind its place',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/b'), pod('default/c'));
      await fixture.delete('default/b');
      expect(await fixture.paths({ after: 'default/b' })).toEqual(['default/c']);
      expect(await fixture.paths({ after: 'default/c' })).toEqual([]);
    },
  },
  {
    name: 'pages of a compacted revision fail',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/b'), pod('default/c'));
      const { revision, continueAfter } = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT, limit: 1 });
      let last = revision;
      for (let i = 0; i < 150; i++) last = (await fixture.replace('default/a', bytes({ note: `${i}` }))).revision;
      await fixture.backend.compact(last);
      await fixture.paths();
      const next = fixture.pods.list({ path: '' }, { freshness: { at: 'exact', revision }, limit: 1, after: continueAfter ?? '' });
      await expect(next).rejects.toMatchObject({ code: 'compacted' });
    },
  },
  {
    name: 'an inconsistent continuation shows the latest state behind the key',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/c'));
      const first = await fixture.pods.list({ path: '' }, { freshness: CONSISTENT, limit: 1 });
      await fixture.create(pod('default/b'));
      expect(await fixture.paths({ after: first.continueAfter ?? '' })).toEqual(['default/b', 'default/c']);
    },
  },
];

async function allPages(
  fixture: StoreFixture,
  range: KeyRange,
  limit: number,
  between?: (page: number) => Promise<void>,
): Promise<ListPage[]> {
  const pages = [await fixture.pods.list(range, { freshness: CONSISTENT, limit })];
  for (let page = pages[0]; page?.continueAfter !== undefined; page = pages.at(-1)) {
    await between?.(pages.length);
    pages.push(await fixture.pods.list(range, { freshness: { at: 'exact', revision: page.revision }, limit, after: page.continueAfter }));
  }
  return pages;
}
