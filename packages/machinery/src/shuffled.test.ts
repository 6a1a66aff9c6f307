import { expect, test } from 'vitest';
import { shuffled } from './shuffled.js';

test('puts values in any order and keeps those it was given', () => {
  const given = [1, 2, 3];
  const orders = new Set(Array.from({ length: 500 }, () => shuffled(given).join('')));
  expect([...orders].sort()).toEqual(['123', '132', '213', '231', '312', '321']);
  expect(given).toEqual([1, 2, 3]);
});
