import { expect, it } from 'vitest';
import type { KvContext } from './kv-context.js';

/** Single keys: compare-and-set, and what can be stored. */
export function readWriteCases(context: () => KvContext): void {
  it('gives nothing for a missing key, with the current revision', async () => {
    const { backend, key } = contextOf(context);
    const revision = await backend.currentRevision();
    expect(await backend.get(key('missing'))).toEqual({ revision });
  });

  it('gives back what was put, at the revision of the put', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('a', 'one');
    expect(await backend.get(key('a'))).toEqual({ kv: { key: key('a'), value: Buffer.from('one'), modRevision: revision }, revision });
  });

  it('gives every write a revision of its own, rising by time', async () => {
    const first = await context().put('a', '1');
    const second = await context().put('b', '1');
    const third = await context().put('a', '2', first);
    const fourth = await context().delete('b', second);
    expect([first, second, third, fourth]).toEqual([first, first + 1, first + 2, first + 3]);
    expect(await context().backend.currentRevision()).toBe(fourth);
  });

  it('refuses to create a key that exists, and shows it', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('a', 'one');
    const later = await context().put('b', 'x');
    expect(await backend.put(key('a'), Buffer.from('two'), 0)).toEqual({
      ok: false,
      revision: later,
      current: { key: key('a'), value: Buffer.from('one'), modRevision: revision },
    });
    expect(await context().get('a')).toBe('one');
  });

  it('refuses to update at a revision that is no longer the newest, and shows the newest', async () => {
    const { backend, key } = contextOf(context);
    const first = await context().put('a', 'one');
    const second = await context().put('a', 'two', first);
    expect(await backend.put(key('a'), Buffer.from('three'), first)).toEqual({
      ok: false,
      revision: second,
      current: { key: key('a'), value: Buffer.from('two'), modRevision: second },
    });
  });

  it('refuses to update a key that does not exist', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('other', 'x');
    expect(await backend.put(key('a'), Buffer.from('one'), revision)).toEqual({ ok: false, revision });
    expect(await context().get('a')).toBeUndefined();
  });

  it('deletes at the expected revision', async () => {
    const { backend, key } = contextOf(context);
    const created = await context().put('a', 'one');
    const deleted = await context().delete('a', created);
    expect(deleted).toBe(created + 1);
    expect(await backend.get(key('a'))).toEqual({ revision: deleted });
  });

  it('refuses to delete at another revision, and shows the newest', async () => {
    const { backend, key } = contextOf(context);
    const first = await context().put('a', 'one');
    const second = await context().put('a', 'two', first);
    expect(await backend.delete(key('a'), first)).toEqual({
      ok: false,
      revision: second,
      current: { key: key('a'), value: Buffer.from('two'), modRevision: second },
    });
  });

  it('refuses to delete a key that does not exist', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('other', 'x');
    expect(await backend.delete(key('a'), revision)).toEqual({ ok: false, revision });
  });

  it('creates a key again after it was deleted', async () => {
    const first = await context().put('a', 'one');
    await context().delete('a', first);
    const again = await context().put('a', 'two');
    expect(await context().get('a')).toBe('two');
    expect(again).toBe(first + 2);
  });

  it('lets exactly one of many concurrent creators win', async () => {
    const { backend, key } = contextOf(context);
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => backend.put(key('a'), Buffer.from(`${i}`), 0)));
    const winners = results.flatMap((result, i) => (result.ok ? [{ value: `${i}`, revision: result.revision }] : []));
    expect(winners).toHaveLength(1);
    expect(await context().get('a')).toBe(winners[0]?.value);
    for (const result of results) {
      if (!result.ok) expect(result.current).toMatchObject({ modRevision: winners[0]?.revision });
    }
  });

  it('loses no increment of concurrent writers that retry', async () => {
    const { backend, key } = contextOf(context);
    await context().put('counter', '0');
    const increment = async () => {
      let { kv } = await backend.get(key('counter'));
      for (;;) {
        const result = await backend.put(key('counter'), Buffer.from(`${Number(kv?.value.toString()) + 1}`), kv?.modRevision ?? 0);
        if (result.ok) return;
        kv = result.current;
      }
    };
    await Promise.all(Array.from({ length: 8 }, increment));
    expect(await context().get('counter')).toBe('8');
  });

  it('sees every acknowledged write in the next read', async () => {
    let revision = 0;
    for (let i = 0; i < 50; i++) {
      revision = await context().put('a', `${i}`, revision);
      expect(await context().get('a')).toBe(`${i}`);
    }
  });

  it('reads a key as it was at a revision', async () => {
    const first = await context().put('a', 'one');
    const second = await context().put('a', 'two', first);
    const deleted = await context().delete('a', second);
    const again = await context().put('a', 'three');
    expect(await Promise.all([first - 1, first, second, deleted, again].map((revision) => context().get('a', revision)))).toEqual([
      undefined,
      'one',
      'two',
      undefined,
      'three',
    ]);
  });

  it('refuses to read at a revision in the future', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('a', 'one');
    await context().expectError(backend.get(key('a'), { revision: revision + 1000 }), 'futureRevision');
    await context().expectError(backend.list(context().prefix, { revision: revision + 1000 }), 'futureRevision');
  });

  it('leaves the value out on request', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('a', 'one');
    expect((await backend.get(key('a'), { keysOnly: true })).kv).toEqual({ key: key('a'), value: Buffer.alloc(0), modRevision: revision });
  });

  it('stores an empty value', async () => {
    const { backend, key } = contextOf(context);
    const revision = await context().put('a', '');
    expect((await backend.get(key('a'))).kv).toEqual({ key: key('a'), value: Buffer.alloc(0), modRevision: revision });
    expect(await context().list()).toEqual(['a=']);
  });

  it('stores any bytes', async () => {
    const { backend, key } = contextOf(context);
    const value = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await backend.put(key('a'), value, 0);
    expect((await backend.get(key('a'))).kv?.value).toEqual(value);
  });

  it.each([4096, 40_000, 1_000_000])('stores a value of %i bytes', async (bytes) => {
    const { backend, key } = contextOf(context);
    const value = Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 31) % 251));
    await backend.put(key('a'), value, 0);
    expect((await backend.get(key('a'))).kv?.value.equals(value)).toBe(true);
    expect((await backend.list(key('a'))).kvs[0]?.value.equals(value)).toBe(true);
  });

  it('takes a value as large as the limit, and rejects a larger one', async () => {
    const { backend, key, capabilities } = contextOf(context);
    expect(await backend.put(key('a'), Buffer.alloc(capabilities.acceptedValueBytes), 0)).toMatchObject({ ok: true });
    await context().expectError(backend.put(key('b'), Buffer.alloc(capabilities.rejectedValueBytes), 0), 'tooLarge');
    expect(await context().get('b')).toBeUndefined();
  });

  it('takes keys with any characters', async () => {
    const names = ['ü/ñ', '日本', '\u{1F600}', '\uFFFD', 'a b', 'a\u0000b', 'a\u0001', '%2F', '__proto__', 'quote\'"'];
    for (const name of names) await context().put(name, name);
    for (const name of names) expect(await context().get(name)).toBe(name);
  });

  it('keeps its own copy of a value that is put, and gives out copies', async () => {
    const { backend, key } = contextOf(context);
    const value = Buffer.from('one');
    await backend.put(key('a'), value, 0);
    value.fill('x');
    (await backend.get(key('a'))).kv?.value.fill('y');
    expect(await context().get('a')).toBe('one');
  });
}

function contextOf(context: () => KvContext) {
  const { backend, capabilities } = context();
  return { backend, capabilities, key: (name: string) => context().key(name) };
}
