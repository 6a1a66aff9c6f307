import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KvContext } from './kv-context.js';

/** Keys with a time to live. Stores may let them live longer than asked for, never shorter. */
export function expiryCases(context: () => KvContext): void {
  it('deletes an expired key, at a revision of its own, for watches and reads', async () => {
    const key = context().key('a');
    const put = await context().put('a', '1', 0, 1);
    const [event] = await context()
      .watch(put + 1, { previous: true })
      .next(1);
    expect(event).toEqual({
      type: 'delete',
      key,
      modRevision: put + 1,
      created: false,
      previous: { key, value: Buffer.from('1'), modRevision: put },
    });
    expect(await context().get('a')).toBeUndefined();
    expect(await context().get('a', put)).toBe('1');
    expect(await context().list()).toEqual([]);
    expect(await context().backend.currentRevision()).toBe(put + 1);
  });

  it('counts the time from the last put', async () => {
    const { backend } = context();
    const watch = context().watch((await backend.currentRevision()) + 1);
    let revision = await context().put('refreshed', '0', 0, 2);
    for (let i = 1; i <= 4; i++) {
      await delay(700);
      revision = await context().put('refreshed', `${i}`, revision, 2);
    }
    const events = await watch.next(6);
    expect(events.map(context().brief, context())).toEqual([
      'put+ refreshed=0',
      ...[1, 2, 3, 4].map((i) => `put refreshed=${i}`),
      'delete refreshed',
    ]);
  });

  it('lets a key live that was put again without a time', async () => {
    const kept = await context().put('kept', '1', 0, 1);
    const revision = await context().put('kept', '2', kept);
    await context().put('short', '1', 0, 2);
    const events = await context()
      .watch(revision + 1)
      .next(2);
    expect(events.map(context().brief, context())).toEqual(['put+ short=1', 'delete short']);
    expect(await context().get('kept')).toBe('2');
  });

  it('does not touch a key that was deleted and created again', async () => {
    const first = await context().put('a', '1', 0, 1);
    await context().delete('a', first);
    const again = await context().put('a', '2');
    await context().put('short', '1', 0, 2);
    await context()
      .watch(again + 1)
      .next(2);
    expect(await context().get('a')).toBe('2');
  });

  it('expires many keys, each once', async () => {
    const from = (await context().backend.currentRevision()) + 1;
    await Promise.all(Array.from({ length: 300 }, (_, i) => context().put(`k${i}`, `${i}`, 0, 1)));
    const events = await context().watch(from).next(600);
    const deleted = events.filter((event) => event.type === 'delete').map((event) => event.key);
    expect(new Set(deleted).size).toBe(300);
    expect(deleted).toHaveLength(300);
    expect(await context().list()).toEqual([]);
  });
}
