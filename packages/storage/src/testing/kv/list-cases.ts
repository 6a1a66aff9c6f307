import { expect, it } from 'vitest';
import { scan } from '../../store/scan.js';
import type { KvContext } from './kv-context.js';

/** Ranges of keys. */
export function listCases(context: () => KvContext): void {
  const putAll = async (names: readonly string[]) => {
    let revision = 0;
    for (const name of names) revision = await context().put(name, name.toUpperCase());
    return revision;
  };

  it('gives nothing for an empty prefix, with the current revision', async () => {
    const { backend, prefix } = context();
    const revision = await backend.currentRevision();
    expect(await backend.list(prefix)).toEqual({ kvs: [], count: 0, revision });
  });

  it('gives keys, values and revisions in the order of keys', async () => {
    const { backend, prefix } = context();
    const second = await context().put('b', '2');
    const first = await context().put('a', '1');
    expect(await backend.list(prefix)).toEqual({
      kvs: [
        { key: `${prefix}a`, value: Buffer.from('1'), modRevision: first },
        { key: `${prefix}b`, value: Buffer.from('2'), modRevision: second },
      ],
      count: 2,
      revision: first,
    });
  });

  it('orders keys by their bytes', async () => {
    const names = ['a', 'a\u0000', 'a-b', 'a/b', 'a0', 'aa', 'b', 'z', 'é', '\uFFFD', '\u{1F600}'];
    await putAll([...names].reverse());
    const { kvs } = await context().backend.list(context().prefix);
    expect(kvs.map((kv) => kv.key.slice(context().prefix.length))).toEqual(names);
  });

  it('keeps to the prefix', async () => {
    await putAll(['a/b', 'a/b/c', 'a/bc', 'a/c', 'b']);
    expect(await context().list('a/b/')).toEqual(['a/b/c=A/B/C']);
    expect(await context().list('a/b')).toEqual(['a/b=A/B', 'a/b/c=A/B/C', 'a/bc=A/BC']);
  });

  it('gives at most `limit` keys and counts all', async () => {
    await putAll(['a', 'b', 'c', 'd', 'e']);
    const result = await context().backend.list(context().prefix, { limit: 2 });
    expect(result.kvs.map((kv) => kv.value.toString())).toEqual(['A', 'B']);
    expect(result.count).toBe(5);
  });

  it('tells whether more follows when it need not count', async () => {
    await putAll(['a', 'b', 'c']);
    const { backend, prefix } = context();
    const some = await backend.list(prefix, { limit: 2, counted: false });
    expect(some.kvs).toHaveLength(2);
    expect(some.count).toBeGreaterThan(2);
    const all = await backend.list(prefix, { limit: 3, counted: false });
    expect(all.count).toBe(3);
  });

  it.each([true, false])('gives a range of several pages to a scan, each key once (counted: %s)', async (counted) => {
    const { backend, prefix } = context();
    const names = Array.from({ length: 450 }, (_, index) => `n${String(index).padStart(3, '0')}`);
    await Promise.all(names.map((name) => context().put(name, name)));
    const keys: string[] = [];
    for await (const { kvs } of scan(backend, prefix, { counted, firstPage: 200 })) for (const { key } of kvs) keys.push(key);
    expect(keys).toEqual(names.map((name) => prefix + name));
  });

  it('takes a limit of 0 for none', async () => {
    await putAll(['a', 'b', 'c']);
    expect(await context().list('', { limit: 0 })).toEqual(['a=A', 'b=B', 'c=C']);
  });

  it('starts behind a key, and counts from there', async () => {
    await putAll(['a', 'b', 'b/1', 'c', 'd']);
    const { backend, prefix } = context();
    const result = await backend.list(prefix, { after: `${prefix}b`, limit: 2 });
    expect(result.kvs.map((kv) => kv.key)).toEqual([`${prefix}b/1`, `${prefix}c`]);
    expect(result.count).toBe(3);
  });

  it('starts behind a key that does not exist', async () => {
    await putAll(['a', 'c']);
    expect(await context().list('', { after: 'b' })).toEqual(['c=C']);
    expect(await context().list('', { after: 'd' })).toEqual([]);
  });

  it('leaves values out on request', async () => {
    const revision = await putAll(['a']);
    const { backend, prefix } = context();
    expect((await backend.list(prefix, { keysOnly: true })).kvs).toEqual([
      { key: `${prefix}a`, value: Buffer.alloc(0), modRevision: revision },
    ]);
  });

  it('shows the state at a revision, deleted and later keys included', async () => {
    const a = await context().put('a', '1');
    const b = await context().put('b', '1');
    await context().put('a', '2', a);
    await context().delete('b', b);
    const last = await context().put('c', '1');
    expect(await context().list('', { revision: b })).toEqual(['a=1', 'b=1']);
    const { backend, prefix } = context();
    const result = await backend.list(prefix, { revision: b, limit: 1 });
    expect(result).toMatchObject({ count: 2, revision: last });
    expect(result.kvs[0]).toMatchObject({ modRevision: a });
  });

  it('pages through a state that stays the same while it changes', async () => {
    const revision = await putAll(['a', 'b', 'c', 'd', 'e']);
    const seen: string[] = [];
    for (let after: string | undefined; ; after = seen.at(-1)?.charAt(0)) {
      const page = await context().list('', { revision, limit: 2, ...(after !== undefined && { after }) });
      if (page.length === 0) break;
      seen.push(...page);
      const { kv } = await context().backend.get(context().key('e'));
      await context().put('e', `changed ${seen.length}`, kv?.modRevision);
      await context().put(`d${seen.length}`, 'new');
    }
    expect(seen).toEqual(['a=A', 'b=B', 'c=C', 'd=D', 'e=E']);
  });

  it('lists thousands of keys, in order and complete', async () => {
    const names = Array.from({ length: 2500 }, (_, i) => String(i).padStart(5, '0'));
    for (let i = 0; i < names.length; i += 250) {
      await Promise.all(names.slice(i, i + 250).map((name) => context().put(name, name)));
    }
    expect(await context().list()).toEqual(names.map((name) => `${name}=${name}`));
    expect(await context().list('', { after: '02497', limit: 5 })).toEqual(['02498=02498', '02499=02499']);
  });
}
