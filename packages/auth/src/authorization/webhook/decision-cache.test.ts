import { expect, it } from 'vitest';
import { DecisionCache } from './decision-cache.js';

const allow = { decision: 'allow' } as const;
const deny = { decision: 'deny' } as const;

it('keeps decisions for their time', () => {
  let nowMs = 0;
  const cache = new DecisionCache(10, () => nowMs);
  cache.set('a', allow, 100);
  cache.set('b', deny, 50);
  cache.set('c', deny, 0);
  nowMs = 50;
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([allow, undefined, undefined]);
  nowMs = 100;
  expect(cache.get('a')).toBeUndefined();
});

it('lets the least recently used go', () => {
  const cache = new DecisionCache(2);
  cache.set('a', allow, 1000);
  cache.set('b', allow, 1000);
  cache.get('a');
  cache.set('c', deny, 1000);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([allow, undefined, deny]);
});
