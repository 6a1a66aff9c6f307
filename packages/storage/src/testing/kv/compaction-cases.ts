import { expect, it } from 'vitest';
import type { KvContext } from './kv-context.js';

/** Discarding history. */
export function compactionCases(context: () => KvContext): void {
  /** Three versions of one key, and a delete of another, compacted at the second version. */
  const compacted = async () => {
    const gone = await context().put('gone', '1');
    await context().delete('gone', gone);
    const first = await context().put('a', '1');
    const second = await context().put('a', '2', first);
    const third = await context().put('a', '3', second);
    await context().backend.compact(second);
    return { gone, first, second, third };
  };

  it('keeps the current state, and states from the compacted revision on', async () => {
    const { second, third } = await compacted();
    expect(await context().list()).toEqual(['a=3']);
    expect(await context().list('', { revision: second })).toEqual(['a=2']);
    expect(await context().get('a', second)).toBe('2');
    expect(await context().get('a', third)).toBe('3');
  });

  it('refuses reads below the compacted revision, and says the oldest kept', async () => {
    const { backend, prefix } = context();
    const { first, second } = await compacted();
    await context().expectError(backend.get(context().key('a'), { revision: first }), 'compacted', second);
    await context().expectError(backend.list(prefix, { revision: first }), 'compacted', second);
    await context().expectError(backend.list(prefix, { revision: first, limit: 1, after: context().key('a') }), 'compacted', second);
  });

  it('refuses watches below the compacted revision, and says the oldest kept', async () => {
    const { first, second } = await compacted();
    await context().expectError(context().watch(first).nextBatch(), 'compacted', second);
  });

  it('watches from the compacted revision on', async () => {
    const { second } = await compacted();
    expect((await context().watch(second).next(2)).map(context().brief, context())).toEqual(['put a=2', 'put a=3']);
  });

  it('shows a delete at the compacted revision to watches, where the store can', async () => {
    const created = await context().put('a', '1');
    const deleted = await context().delete('a', created);
    const last = await context().put('b', '1');
    await context().backend.compact(deleted);
    const events = (await context().watch(deleted).until(last)).map(context().brief, context());
    // A store that loses it does so in the background, some time after it was compacted.
    const shown = context().capabilities.keepsDeleteAtCompaction ? ['delete a', 'put+ b=1'] : events.slice(-2);
    expect(events).toEqual(shown);
    expect(events.at(-1)).toBe('put+ b=1');
  });

  it('does not disturb open watches that have caught up', async () => {
    const from = await context().put('a', '1');
    const watch = context().watch(from);
    await watch.next(1);
    const next = watch.next(1);
    const second = await context().put('a', '2', from);
    expect((await next).map(context().brief, context())).toEqual(['put a=2']);
    const last = watch.next(1);
    await context().backend.compact(second);
    await context().put('a', '3', second);
    expect((await last).map(context().brief, context())).toEqual(['put a=3']);
  });

  it('takes the current revision', async () => {
    const first = await context().put('a', '1');
    const second = await context().put('a', '2', first);
    await context().backend.compact(second);
    expect(await context().get('a')).toBe('2');
    expect(await context().get('a', second)).toBe('2');
    await context().expectError(context().get('a', first), 'compacted', second);
  });

  it('refuses a revision in the future', async () => {
    const revision = await context().put('a', '1');
    await context().expectError(context().backend.compact(revision + 1000), 'futureRevision');
    expect(await context().get('a', revision)).toBe('1');
  });

  it('refuses a revision that is compacted already', async () => {
    const { first, second } = await compacted();
    await context().expectError(context().backend.compact(second), 'compacted');
    await context().expectError(context().backend.compact(first), 'compacted');
  });

  it('compares and sets as before', async () => {
    const { backend } = context();
    const { third } = await compacted();
    await context().backend.compact(third);
    expect(await backend.put(context().key('a'), Buffer.from('x'), 0)).toMatchObject({ ok: false, current: { modRevision: third } });
    const fourth = await context().put('a', '4', third);
    await context().put('gone', '2');
    expect(await context().list()).toEqual(['a=4', 'gone=2']);
    expect(await context().get('a', third)).toBe('3');
    expect((await context().watch(fourth).next(2)).map(context().brief, context())).toEqual(['put a=4', 'put+ gone=2']);
  });

  it('keeps states readable through many rounds of changes and compactions', async () => {
    let revision = await context().put('a', '0');
    await context().put('still', 'here');
    for (let round = 1; round <= 10; round++) {
      const before = revision;
      revision = await context().put('a', `${round}`, revision);
      const temporary = await context().put('temporary', `${round}`);
      const deleted = await context().delete('temporary', temporary);
      await context().backend.compact(revision);
      expect(await context().list()).toEqual([`a=${round}`, 'still=here']);
      expect(await context().list('', { revision: temporary })).toEqual([`a=${round}`, 'still=here', `temporary=${round}`]);
      expect(await context().list('', { revision: deleted })).toEqual([`a=${round}`, 'still=here']);
      await context().expectError(context().get('a', before), 'compacted', revision);
    }
  });
}
