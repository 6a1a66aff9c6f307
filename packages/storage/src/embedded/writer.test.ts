import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeHistory } from './change-history.js';
import { entriesOf, type Layout, openLayout } from './layout.js';
import type { RecentChange } from './recent-changes.js';
import { Writer } from './writer.js';

describe('Writer', () => {
  let dir: string;
  let layout: Layout;
  let history: ChangeHistory;
  let shown: RecentChange[];
  let writer: Writer;
  const put = (key: string, expected: number, value = 'v') => writer.compareAndSet(key, expected, Buffer.from(value));

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keelson-writer-'));
    layout = openLayout(dir, 1024 ** 3);
    history = new ChangeHistory(layout, { revision: 1, compacted: 0 });
    shown = [];
    writer = new Writer(layout, history, (changes) => void shown.push(...changes), 1024 ** 3);
  });
  afterEach(async () => {
    await writer.stop();
    await layout.root.close();
    await rm(dir, { recursive: true });
  });

  it('commits what gathers together', async () => {
    const batch = vi.spyOn(layout.root, 'batch');
    await Promise.all(Array.from({ length: 100 }, (_, i) => put(`k${i}`, 0)));
    expect(batch).toHaveBeenCalledTimes(1);
    expect(history.revision).toBe(101);
  });

  it('answers and shows a write only when it is durable, then in this order: shown, answered', async () => {
    const order: string[] = [];
    const commit = layout.root.batch.bind(layout.root);
    vi.spyOn(layout.root, 'batch').mockImplementationOnce(async (action) => {
      const done = await commit(action);
      order.push('durable');
      return done;
    });
    const answer = put('a', 0).then(() => order.push(`answered, ${shown.length} shown`));
    await answer;
    expect(order).toEqual(['durable', 'answered, 1 shown']);
  });

  it('builds on writes that are still on their way to the disk', async () => {
    const first = put('a', 0);
    const second = put('a', 2);
    const refused = put('a', 2);
    expect(await Promise.all([first, second])).toEqual([
      { ok: true, revision: 2 },
      { ok: true, revision: 3 },
    ]);
    expect(await refused).toMatchObject({ ok: false, current: { modRevision: 3 } });
  });

  it('fails what a failed commit carried and what was built on it, and then goes on as if they never were', async () => {
    await put('a', 0, 'kept');
    vi.spyOn(layout.root, 'batch').mockImplementationOnce(async () => {
      late = put('b', 0).catch((error: unknown) => error);
      throw new Error('I/O error');
    });
    let late: Promise<unknown> | undefined;
    await expect(put('a', 2, 'lost')).rejects.toMatchObject({ code: 'unavailable', message: 'the store could not write: I/O error' });
    expect(await late).toMatchObject({ code: 'unavailable' });
    expect(shown.map((change) => change.modRevision)).toEqual([2]);
    expect(await put('a', 2, 'next')).toEqual({ ok: true, revision: 3 });
    expect(await put('b', 0)).toEqual({ ok: true, revision: 4 });
  });

  it('gives a writer another chance when the one it lost to failed', async () => {
    vi.spyOn(layout.root, 'batch').mockRejectedValueOnce(new Error('I/O error'));
    const first = put('a', 0, 'first').catch((error: unknown) => error);
    const second = put('a', 0, 'second');
    expect(await first).toMatchObject({ code: 'unavailable' });
    expect(await second).toEqual({ ok: true, revision: 2 });
  });

  it('takes writes at every moment of a failure', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
    const early: Promise<unknown>[] = [];
    const writeInEveryMicrotask = async () => {
      for (const key of keys) {
        early.push(put(key, 0).catch(() => undefined));
        await undefined;
      }
    };
    vi.spyOn(layout.root, 'batch').mockImplementationOnce(async () => {
      void writeInEveryMicrotask();
      throw new Error('I/O error');
    });
    await expect(put('a', 0)).rejects.toMatchObject({ code: 'unavailable' });
    await Promise.all(early);
    // Each key now is where its early write left it: nowhere, or durable.
    for (const key of keys) await put(key, 0);
    expect(entriesOf(layout.heads)).toBe(keys.length);
    expect(shown.map((change) => change.modRevision)).toEqual(keys.map((_, i) => i + 2));
  });

  it('says when the disk is full', async () => {
    vi.spyOn(layout.root, 'batch').mockImplementationOnce(async () => {
      throw Object.assign(new Error('Commit failed'), { commitError: Promise.reject(new Error('No space left on device')) });
    });
    await expect(put('a', 0)).rejects.toMatchObject({ code: 'rejected', message: 'the store is out of space' });
  });

  it('writes between the slices of a sweep', async () => {
    await Promise.all(Array.from({ length: 4000 }, (_, i) => put('a', i === 0 ? 0 : i + 1)));
    expect(entriesOf(layout.changes)).toBe(4000);
    await writer.compact(4001);
    await put('b', 0);
    expect(entriesOf(layout.changes)).toBeGreaterThan(3000);
    await writer.swept();
    expect([entriesOf(layout.changes), entriesOf(layout.values)]).toEqual([2, 3]);
  });
});
