import { expect, it } from 'vitest';
import { memoized } from './memoized.js';

function counting() {
  const computed: string[] = [];
  const upper = memoized((text) => {
    computed.push(text);
    if (text === 'bad') throw new RangeError('bad');
    return text.toUpperCase();
  }, 2);
  return { upper, computed };
}

it('computes once for each text', () => {
  const { upper, computed } = counting();
  expect([upper('a'), upper('b'), upper('a'), upper('b'), upper('')]).toEqual(['A', 'B', 'A', 'B', '']);
  expect(computed).toEqual(['a', 'b', '']);
});

it('forgets all of them when there are too many', () => {
  const { upper, computed } = counting();
  for (const text of ['a', 'b', 'c', 'c', 'a']) upper(text);
  expect(computed).toEqual(['a', 'b', 'c', 'a']);
});

it('remembers neither long texts nor what is thrown', () => {
  const { upper, computed } = counting();
  const long = 'x'.repeat(257);
  expect([upper(long), upper(long)]).toEqual([long.toUpperCase(), long.toUpperCase()]);
  for (let i = 0; i < 2; i++) expect(() => upper('bad')).toThrow(new RangeError('bad'));
  expect(computed).toEqual([long, long, 'bad', 'bad']);
});
