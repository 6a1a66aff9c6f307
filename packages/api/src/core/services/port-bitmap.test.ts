import { expect, it } from 'vitest';
import { PortBitmap } from './port-bitmap.js';

it('is a big-endian number', () => {
  const bitmap = PortBitmap.empty(20);
  expect(bitmap.encode()).toBe('');
  bitmap.set(0);
  bitmap.set(9);
  expect(Buffer.from(bitmap.encode(), 'base64')).toEqual(Buffer.from([0b10, 0b1]));
});

it('reads what it has written', () => {
  const bitmap = PortBitmap.empty(2768);
  for (const bit of [0, 7, 8, 100, 2767]) bitmap.set(bit);
  bitmap.clear(8);
  const read = PortBitmap.decode(bitmap.encode(), 2768);
  expect([0, 7, 8, 100, 2767].map((bit) => read.has(bit))).toEqual([true, true, false, true, true]);
});

it('looks for a free bit all around', () => {
  const bitmap = PortBitmap.empty(8);
  for (const bit of [4, 5, 6, 7]) bitmap.set(bit);
  expect(bitmap.findFree(2, 8, 6)).toBe(2);
  expect(bitmap.findFree(4, 8, 6)).toBeUndefined();
});
