import { expect, it } from 'vitest';
import { dealHand, flowHash } from './shuffle-shard.js';

it('hashes flows as kube-apiserver does: the first eight bytes of SHA-256, the least first', () => {
  // printf 'global-default\0alice' | sha256sum
  expect(flowHash('global-default', 'alice').toString(16)).toBe('f4de3bd42ccdf6b7');
  expect(flowHash('a', 'b')).not.toBe(flowHash('ab', ''));
});

it('deals cards that differ, and the same ones for the same hash', () => {
  // 17 mod 5 = 2; 17 / 5 = 3 mod 4 = 3, of the cards left: 0 1 3 4; 3 / 4 = 0 mod 3 = 0.
  expect(dealHand(17n, 5, 3)).toEqual([2, 4, 0]);
  for (const hash of [0n, 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    const hand = dealHand(hash, 64, 8);
    expect([hand.length, new Set(hand).size, hand.every((card) => card >= 0 && card < 64)]).toEqual([8, 8, true]);
  }
  expect(dealHand(flowHash('x', 'y'), 4, 4).sort()).toEqual([0, 1, 2, 3]);
});

it('lets every queue be dealt as often as any other, and few flows be dealt the same hand', () => {
  const counts = new Array(16).fill(0);
  const hands = new Set<string>();
  for (let user = 0; user < 8000; user++) {
    const hand = dealHand(flowHash('schema', `user-${user}`), 16, 4);
    for (const card of hand) counts[card]++;
    hands.add([...hand].sort().join());
  }
  expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.15);
  expect(hands.size).toBe(1801); // of the 1820 that there are
});
