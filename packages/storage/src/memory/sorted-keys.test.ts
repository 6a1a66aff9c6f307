import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys } from '../history/key-order.js';
import { SortedKeys } from './sorted-keys.js';

const sorted = (keys: Iterable<string>) => [...keys].sort(compareKeys);

describe('SortedKeys', () => {
  it('keeps thousands of keys in order through adding and deleting', () => {
    const keys = new SortedKeys();
    const model = new Set<string>();
    for (let i = 0; i < 5000; i++) {
      const key = `/k/${(i * 7919) % 5000}`;
      keys.add(key);
      model.add(key);
    }
    for (let i = 0; i < 5000; i += 3) {
      keys.delete(`/k/${i}`);
      model.delete(`/k/${i}`);
    }
    expect(keys.range('/k/', undefined, 10_000)).toEqual(sorted(model));
  });

  it('gives the keys of a prefix behind a key, up to a limit', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uFFFD', '\u{1F600}'), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 60 }),
        name,
        fc.option(name, { nil: undefined }),
        fc.integer({ min: 1, max: 20 }),
        (names, prefix, after, limit) => {
          const keys = new SortedKeys();
          for (const key of names) keys.add(key);
          const expected = sorted(names).filter((key) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0));
          expect(keys.range(prefix, after, limit)).toEqual(expected.slice(0, limit));
        },
      ),
    );
  });

  it('ignores deleting what is not there', () => {
    const keys = new SortedKeys();
    keys.delete('a');
    keys.add('b');
    keys.delete('a');
    keys.delete('c');
    expect(keys.range('', undefined, 10)).toEqual(['b']);
  });
});
