import { expect, it } from 'vitest';
import { percentOf } from './int-or-string.js';

it('knows percentages', () => {
  expect(percentOf('25%')).toBe(25);
  expect(percentOf('25')).toBeUndefined();
  expect(percentOf(25)).toBeUndefined();
});
