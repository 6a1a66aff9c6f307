import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { StorageError } from '../storage-error.js';
import { bytes, noteOf, RecordingSink } from '../testing/store/index.js';
import { CONSISTENT, closeFeeds, open, PODS } from './testing/open-feed.js';

afterEach(closeFeeds);

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
