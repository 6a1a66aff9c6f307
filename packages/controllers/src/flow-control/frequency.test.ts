import { expect, it } from 'vitest';
import { Frequency } from './frequency.js';

it('allows something six times in a minute', () => {
  const frequency = new Frequency();
  const at = (seconds: number) => frequency.allows('a', seconds * 1000);
  expect([0, 1, 2, 3, 4, 5, 6, 59].map(at)).toEqual([true, true, true, true, true, true, false, false]);
  expect(frequency.allows('b', 6000)).toBe(true);
  // The first one is a minute ago; what was refused does not count.
  expect([60, 60.5, 61].map(at)).toEqual([true, false, true]);
  frequency.forget('a');
  expect(at(61)).toBe(true);
});
