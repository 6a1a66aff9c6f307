import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoredObject } from '../stored-object.js';
import { testIndexer } from '../testing/store/index.js';
import { OrderedIndex, type OrderedSnapshot } from './ordered-index.js';

const object = (path: string, revision = 1) => new StoredObject(path, Buffer.alloc(0), revision, testIndexer);
const contents = (snapshot: OrderedSnapshot) => [...snapshot.range(0, snapshot.length)].map(({ path, revision }) => `${path}@${revision}`);

describe('OrderedIndex', () => {
  it('holds what a sorted map holds, and snapshots do not change', () => {
    const step = fc.record({ number: fc.nat(3000), remove: fc.boolean(), look: fc.boolean() });
    fc.assert(
      fc.property(fc.nat(2500), fc.array(step, { maxLength: 1500, size: 'max' }), (loaded, steps) => {
        const name = (number: number) => `p${String(number).padStart(5, '0')}`;
        const model = new Map(Array.from({ length: loaded }, (_, i): [string, number] => [name(i), 1]));
        const expected = () => [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, revision]) => `${path}@${revision}`);
        const index = new OrderedIndex();
        index.load([...model.keys()].map((path) => object(path)));
        const looks: [OrderedSnapshot, string[]][] = [];
        for (const [at, { number, remove, look }] of steps.entries()) {
          if (remove) {
            index.delete(name(number));
            model.delete(name(number));
          } else {
            index.put(object(name(number), at + 2));
            model.set(name(number), at + 2);
          }
          if (look && looks.length < 5) looks.push([index.snapshot(), expected()]);
        }
        looks.push([index.snapshot(), expected()]);
        for (const [snapshot, then] of looks) expect(contents(snapshot)).toEqual(then);
      }),
      { numRuns: 30 },
    );
  });

  it('finds positions of keys, behind keys and behind prefixes', () => {
    const index = new OrderedIndex();
    for (const path of ['a/1', 'a/2', 'b/1', 'b/3', 'c/1']) index.put(object(path));
    const snapshot = index.snapshot();
    expect(['', 'a/2', 'b/', 'b/2', 'z'].map((path) => snapshot.positionOf(path))).toEqual([0, 1, 2, 3, 5]);
    expect(['', 'a/2', 'b/2', 'c/1'].map((path) => snapshot.positionBehind(path))).toEqual([0, 2, 3, 5]);
    expect(['', 'a/', 'b/', 'b', 'x/'].map((prefix) => snapshot.positionBehindPrefix(prefix))).toEqual([5, 2, 4, 4, 5]);
    expect([snapshot.at(3)?.path, snapshot.at(5), snapshot.at(-1)]).toEqual(['b/3', undefined, undefined]);
  });

  it('gives the same iterable for the same range until something changes', () => {
    const index = new OrderedIndex();
    for (const path of ['a', 'b', 'c']) index.put(object(path));
    const range = index.snapshot().range(0, 2);
    expect(index.snapshot().range(0, 2)).toBe(range);
    expect(index.snapshot().range(0, 3)).not.toBe(range);
    index.put(object('b', 2));
    const changed = index.snapshot().range(0, 2);
    expect([changed, range].map((objects) => [...objects].map(({ revision }) => revision))).toEqual([
      [1, 2],
      [1, 1],
    ]);
    for (let end = 0; end < 100; end++) index.snapshot().range(0, end);
    expect([...index.snapshot().range(1, 3)].map(({ path }) => path)).toEqual(['b', 'c']);
  });

  it('is empty at first and after everything was deleted', () => {
    const index = new OrderedIndex();
    expect(contents(index.snapshot())).toEqual([]);
    index.put(object('a'));
    index.delete('a');
    index.delete('b');
    expect([contents(index.snapshot()), index.snapshot().positionOf('x')]).toEqual([[], 0]);
  });
});
