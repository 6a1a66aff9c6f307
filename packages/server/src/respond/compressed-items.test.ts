import { inflateRawSync } from 'node:zlib';
import { StoredObject } from '@keelson/storage';
import { describe, expect, it } from 'vitest';
import { CompressedItems } from './compressed-items.js';
import { storedFragment } from './gzip-fragment.js';

const indexer = { labels: () => ({}), fields: () => ({}) };
const object = (path: string, revision: number) => new StoredObject(path, Buffer.from(path), revision, indexer);
const objects = (count: number) => Array.from({ length: count }, (_, i) => object(`pod-${i}`, i + 1));

function open() {
  let made = 0;
  const items = new CompressedItems(
    'test',
    (one) => {
      made += 1;
      return Buffer.from(`<${one.value} ${one.revision}>`);
    },
    Buffer.from(','),
  );
  /** The whole list as text, and how many items were encoded for it. */
  const read = async (listed: readonly StoredObject[]) => {
    made = 0;
    const texts: string[] = [];
    for (let at = 0; at < listed.length; ) {
      const chunk = await items.chunkAt(listed, at);
      const last = storedFragment(Buffer.alloc(0)).compressed;
      last[0] = 1;
      texts.push(inflateRawSync(Buffer.concat([chunk.compressed, last])).toString());
      expect(texts.at(-1)).toHaveLength(chunk.bytes);
      at += chunk.items;
    }
    return { text: texts.join(','), made, chunks: texts.length };
  };
  return { items, read };
}

const plain = (listed: readonly StoredObject[]) => listed.map(({ path, revision }) => `<${path} ${revision}>`).join(',');

describe('CompressedItems', () => {
  it('makes chunks once and cuts lists at the same places', async () => {
    const { read } = open();
    const all = objects(1000);
    const first = await read(all);
    expect([first.text, first.made]).toEqual([plain(all), 1000]);
    expect(first.chunks).toBeGreaterThan(7);
    expect(await read(all)).toMatchObject({ text: plain(all), made: 0 });
    const page = await read(all.slice(0, 500));
    expect(page.text).toBe(plain(all.slice(0, 500)));
    expect(page.made).toBeLessThanOrEqual(256);
    expect(await read(all.slice(0, 500))).toMatchObject({ text: page.text, made: 0 });
    expect(await read(all)).toMatchObject({ made: 0 });
  });

  it('makes little anew after an update, an insertion or a removal', async () => {
    const { read } = open();
    const all = objects(1000);
    await read(all);
    const changes: ((list: StoredObject[]) => void)[] = [
      (list) => list.splice(500, 1, object('pod-500', 2001)),
      (list) => list.splice(300, 0, object('pod-299a', 2002)),
      (list) => list.splice(700, 1),
      (list) => list.splice(0, 1),
    ];
    const changed = [...all];
    for (const change of changes) {
      change(changed);
      const { text, made } = await read(changed);
      expect(text).toBe(plain(changed));
      expect(made).toBeGreaterThan(0);
      expect(made).toBeLessThan(2 * 256);
    }
  });

  it('does not take another object of the same revision for the one it has', async () => {
    const { read } = open();
    const [a, b, c] = [object('a', 7), object('b', 7), object('c', 7)];
    expect((await read([a, b])).text).toBe('<a 7>,<b 7>');
    expect((await read([a, c])).text).toBe('<a 7>,<c 7>');
  });

  it('makes anew what reads otherwise by now', async () => {
    const items = new CompressedItems(
      'timed',
      ({ path }) => Buffer.from(path),
      undefined,
      ({ revision }) => (revision === 1 ? Date.now() - 1 : Infinity),
    );
    const lasting = [object('a', 3), object('b', 4)];
    expect(await items.chunkAt(lasting, 0)).toBe(await items.chunkAt(lasting, 0));
    const passing = [object('a', 1), object('b', 4)];
    expect(await items.chunkAt(passing, 0)).not.toBe(await items.chunkAt(passing, 0));
  });

  it('shares what readers of the same moment ask for', async () => {
    const { items } = open();
    const all = objects(100);
    const [one, other] = await Promise.all([items.chunkAt(all, 0), items.chunkAt(all, 0)]);
    expect(one).toBe(other);
  });
});
