import { expect, it } from 'vitest';
import { shareParts } from './share-parts.js';

it('makes one object of parts that are equal', () => {
  const text = () => ({ type: 'string', enum: ['a', 'b'] });
  const value = { one: text(), two: { items: text() }, other: { type: 'string', enum: ['b', 'a'] } };
  const shared = shareParts(value);
  expect(shared).toEqual(value);
  expect(shared.two.items).toBe(shared.one);
  expect(shared.other).not.toBe(shared.one);
});

it('tells apart what only looks equal', () => {
  const value = { a: { default: 1 }, b: { default: '1' }, c: { default: 1n }, d: { default: [1] }, e: { default: null }, f: {}, g: [] };
  expect(shareParts(value)).toStrictEqual(value);
});

it('keeps the order of members', () => {
  const { one, two } = shareParts({ one: { a: 1, b: 2 }, two: { b: 2, a: 1 } });
  expect([Object.keys(one), Object.keys(two)]).toEqual([
    ['a', 'b'],
    ['b', 'a'],
  ]);
});
