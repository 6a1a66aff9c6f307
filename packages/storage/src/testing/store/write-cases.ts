import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { StoredObject } from '../../stored-object.js';
import type { StoreCase } from './store-case.js';
import { bytes, noteOf, pod } from './test-object.js';

const CONSISTENT = { at: 'consistent' } as const;

export const createCases: readonly StoreCase[] = [
  {
    name: 'create returns what is stored, at the revision of the write',
    run: async ({ pods }) => {
      const created = await pods.create('default/web', bytes({ note: 'one' }));
      const { object } = await pods.get('default/web', CONSISTENT);
      expect([created.path, noteOf(created)]).toEqual(['default/web', 'one']);
      expect([object?.revision, object?.value.equals(created.value)]).toEqual([created.revision, true]);
    },
  },
  {
    name: 'create of an existing key fails and changes nothing',
    run: async ({ pods }) => {
      const first = await pods.create('default/web', bytes({ note: 'one' }));
      await expect(pods.create('default/web', bytes({ note: 'two' }))).rejects.toMatchObject({ code: 'keyExists' });
      expect((await pods.get('default/web', CONSISTENT)).object?.revision).toBe(first.revision);
    },
  },
  {
    name: 'revisions grow with every write, across resources',
    run: async ({ pods, podtemplates }) => {
      const a = await pods.create('default/a', bytes({}));
      const b = await podtemplates.create('default/a', bytes({}));
      const c = await pods.create('default/b', bytes({}));
      expect(a.revision < b.revision && b.revision < c.revision).toBe(true);
    },
  },
  {
    name: 'a key can be created again after it was deleted',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.delete('default/web');
      const again = await fixture.pods.create('default/web', bytes({ note: 'two' }));
      expect((await fixture.pods.get('default/web', CONSISTENT)).object?.revision).toBe(again.revision);
    },
  },
  {
    name: 'only one of many concurrent creations of a key succeeds',
    run: async ({ pods }) => {
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => pods.create('default/web', bytes({ note: `${i}` }))));
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    },
  },
  {
    name: 'an object with a TTL goes by itself, and watchers see it go',
    run: async (fixture) => {
      const watch = await fixture.watchAll();
      const created = await fixture.pods.create('default/web', bytes({ note: 'one' }), { ttlSeconds: 1 });
      const [, gone] = await watch.take(2);
      expect(gone).toMatch(/^DELETED default\/web one \d+$/);
      expect((watch.events[1]?.revision ?? 0) > created.revision).toBe(true);
      expect((await fixture.pods.get('default/web', CONSISTENT)).object).toBeUndefined();
    },
  },
  {
    name: 'an update without a TTL makes the object stay',
    run: async (fixture) => {
      await fixture.pods.create('default/web', bytes({ note: 'one' }), { ttlSeconds: 1 });
      await fixture.replace('default/web', bytes({ note: 'two' }));
      await sleep(2500);
      expect(noteOf((await fixture.pods.get('default/web', CONSISTENT)).object)).toBe('two');
    },
  },
];

export const updateCases: readonly StoreCase[] = [
  {
    name: 'update shows the transform what is stored and stores what it returns',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const outcome = await fixture.pods.update('default/web', (current) => ({
        action: 'put',
        value: bytes({ note: `${noteOf(current)}+` }),
      }));
      expect([outcome.action, outcome.previous?.revision, noteOf(outcome.current)]).toEqual(['updated', created?.revision, 'one+']);
      expect((await fixture.pods.get('default/web', CONSISTENT)).object?.revision).toBe(outcome.current?.revision);
    },
  },
  {
    name: 'update creates what is not there when the transform says so',
    run: async ({ pods }) => {
      const shown: (StoredObject | undefined)[] = [];
      const outcome = await pods.update('default/web', (current) => {
        shown.push(current);
        return { action: 'put', value: bytes({ note: 'one' }) };
      });
      expect([outcome.action, outcome.previous, shown]).toEqual(['created', undefined, [undefined]]);
      expect(noteOf((await pods.get('default/web', CONSISTENT)).object)).toBe('one');
    },
  },
  {
    name: 'writing the same bytes is no write',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const watch = await fixture.watchAll();
      const outcome = await fixture.pods.update('default/web', () => ({ action: 'put', value: bytes({ note: 'one' }) }));
      expect([outcome.action, outcome.current?.revision]).toEqual(['unchanged', created?.revision]);
      const changed = await fixture.replace('default/web', bytes({ note: 'two' }));
      expect(await watch.take(1)).toEqual([`MODIFIED default/web two ${changed.revision}`]);
    },
  },
  {
    name: 'the same bytes are written where they are to be all the same',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const watch = await fixture.watchAll();
      const put = { action: 'put', value: bytes({ note: 'one' }), evenIfSame: true } as const;
      const outcome = await fixture.pods.update('default/web', () => put);
      expect([outcome.action, outcome.previous?.revision]).toEqual(['updated', created?.revision]);
      expect(await watch.take(1)).toEqual([`MODIFIED default/web one ${outcome.current?.revision}`]);
    },
  },
  {
    name: 'keeping an object is no write',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const outcome = await fixture.pods.update('default/web', () => ({ action: 'keep' }));
      expect([outcome.action, outcome.current?.revision]).toEqual(['unchanged', created?.revision]);
    },
  },
  {
    name: 'what the transform throws reaches the caller, and nothing is written',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const refused = fixture.pods.update('default/web', () => {
        throw new Error('precondition failed');
      });
      await expect(refused).rejects.toThrow('precondition failed');
      expect((await fixture.pods.get('default/web', CONSISTENT)).object?.revision).toBe(created?.revision);
    },
  },
  {
    name: 'a transform that fails on a stale state runs again on the stored one',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.pods.get('default/web', CONSISTENT);
      // Written behind the cache's back, and not awaited by it.
      await replaceBehind(fixture.backend, `${fixture.prefix}pods/default/web`, bytes({ note: 'two' }));
      const outcome = await fixture.pods.update('default/web', (current) => {
        if (noteOf(current) !== 'two') throw new Error('too early');
        return { action: 'put', value: bytes({ note: 'three' }) };
      });
      expect([outcome.action, noteOf(outcome.previous)]).toEqual(['updated', 'two']);
    },
  },
  {
    name: 'keeping a stale state is believed only for the stored one',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.pods.get('default/web', CONSISTENT);
      await replaceBehind(fixture.backend, `${fixture.prefix}pods/default/web`, bytes({ note: 'two' }));
      const outcome = await fixture.pods.update('default/web', (current) =>
        noteOf(current) === 'one' ? { action: 'keep' } : { action: 'put', value: bytes({ note: 'three' }) },
      );
      expect([outcome.action, noteOf(outcome.current)]).toEqual(['updated', 'three']);
    },
  },
  {
    name: 'the same bytes as a stale state are still written over a newer one',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.pods.get('default/web', CONSISTENT);
      await replaceBehind(fixture.backend, `${fixture.prefix}pods/default/web`, bytes({ note: 'two' }));
      const outcome = await fixture.pods.update('default/web', () => ({ action: 'put', value: bytes({ note: 'one' }) }));
      expect([outcome.action, noteOf(outcome.previous), noteOf(outcome.current)]).toEqual(['updated', 'two', 'one']);
    },
  },
  {
    name: 'an update of what was deleted meanwhile sees that it is gone',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.pods.get('default/web', CONSISTENT);
      const { kv } = await fixture.backend.get(`${fixture.prefix}pods/default/web`);
      await fixture.backend.delete(`${fixture.prefix}pods/default/web`, kv?.modRevision ?? 0);
      const outcome = await fixture.pods.update('default/web', (current) => ({
        action: 'put',
        value: bytes({ note: current === undefined ? 'gone' : 'there' }),
      }));
      expect([outcome.action, noteOf(outcome.current)]).toEqual(['created', 'gone']);
    },
  },
  {
    name: 'concurrent updates are all applied, each on the state the other left',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: '' }));
      await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) =>
          fixture.pods.update('default/web', (current) => ({ action: 'put', value: bytes({ note: `${noteOf(current)}${letter}` }) })),
        ),
      );
      const note = noteOf((await fixture.pods.get('default/web', CONSISTENT)).object) ?? '';
      expect([...note].sort().join('')).toBe('abcdef');
    },
  },
  {
    name: 'a transform may be asynchronous',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      const outcome = await fixture.pods.update('default/web', async () => {
        await sleep(1);
        return { action: 'put', value: bytes({ note: 'two' }) };
      });
      expect(noteOf(outcome.current)).toBe('two');
    },
  },
];

export const deleteCases: readonly StoreCase[] = [
  {
    name: 'delete returns the last state at the revision of the delete',
    run: async (fixture) => {
      const [created] = await fixture.create(pod('default/web', { note: 'one' }));
      const outcome = await fixture.pods.update('default/web', () => ({ action: 'delete' }));
      expect([outcome.action, outcome.previous?.revision, noteOf(outcome.current)]).toEqual(['deleted', created?.revision, 'one']);
      expect((outcome.current?.revision ?? 0) > (created?.revision ?? 0)).toBe(true);
      const { object, revision } = await fixture.pods.get('default/web', CONSISTENT);
      expect([object, revision >= (outcome.current?.revision ?? 0)]).toEqual([undefined, true]);
    },
  },
  {
    name: 'deleting what is not there fails',
    run: async ({ pods }) => {
      await expect(pods.update('default/web', () => ({ action: 'delete' }))).rejects.toMatchObject({ code: 'keyNotFound' });
    },
  },
  {
    name: 'a delete on a stale state is decided on the stored one',
    run: async (fixture) => {
      await fixture.create(pod('default/web', { note: 'one' }));
      await fixture.pods.get('default/web', CONSISTENT);
      await replaceBehind(fixture.backend, `${fixture.prefix}pods/default/web`, bytes({ note: 'two' }));
      const shown: (string | undefined)[] = [];
      const outcome = await fixture.pods.update('default/web', (current) => {
        shown.push(noteOf(current));
        return { action: 'delete' };
      });
      expect([outcome.action, shown.at(-1), noteOf(outcome.current)]).toEqual(['deleted', 'two', 'two']);
    },
  },
  {
    name: 'count is the number of objects of the resource',
    run: async (fixture) => {
      await fixture.create(pod('default/a'), pod('default/b'), pod('other/a'));
      await fixture.podtemplates.create('default/a', bytes({}));
      await fixture.delete('default/b');
      await fixture.paths();
      expect(await fixture.pods.count()).toBe(2);
    },
  },
];

async function replaceBehind(
  backend: {
    get(key: string): Promise<{ kv?: { modRevision: number } }>;
    put(key: string, value: Buffer, expected: number): Promise<{ ok: boolean }>;
  },
  key: string,
  value: Buffer,
): Promise<void> {
  const { kv } = await backend.get(key);
  const { ok } = await backend.put(key, value, kv?.modRevision ?? 0);
  expect(ok).toBe(true);
}
