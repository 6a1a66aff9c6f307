import { expect, it } from 'vitest';
import { ExpiringLruMap } from './expiring-lru-map.js';

it('keeps values for their time', () => {
  let nowMs = 0;
  const map = new ExpiringLruMap<string, number>(10, () => nowMs);
  map.set('a', 1, 100);
  map.set('b', 2, 50);
  map.set('c', 3, 0);
  nowMs = 50;
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([1, undefined, undefined]);
  nowMs = 100;
  expect(map.get('a')).toBeUndefined();
  map.set('a', 4, 100);
  nowMs = 199;
  expect(map.get('a')).toBe(4);
});

it('lets the least recently used go, and what is out of date at once', () => {
  let nowMs = 0;
  const map = new ExpiringLruMap<string, number>(2, () => nowMs);
  map.set('a', 1, 1000);
  map.set('b', 2, 10);
  map.get('a');
  map.set('c', 3, 10);
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([1, undefined, 3]);
  nowMs = 10;
  expect(map.get('c')).toBeUndefined();
  map.set('d', 4, 1000);
  expect(['a', 'd'].map((key) => map.get(key))).toEqual([1, 4]);
});
