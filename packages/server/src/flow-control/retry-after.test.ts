import { expect, it } from 'vitest';
import { RetryAfter } from './retry-after.js';

/** What clients are told second by second, when so many requests are dropped in each. */
function told(drops: readonly number[], firstSecond = 1000): number[] {
  const retryAfter = new RetryAfter();
  return drops.map((count, at) => {
    for (let one = 0; one < count; one++) retryAfter.drop(firstSecond + at);
    return retryAfter.seconds;
  });
}

it('sends clients away for one second', () => {
  expect(told([1, 2, 2, 1, 2])).toEqual([1, 1, 1, 1, 1]);
});

it('sends them away for longer while many requests are dropped, and for 32 seconds at most', () => {
  const many = told(new Array(100).fill(500));
  expect(many.slice(0, 16)).toEqual([1, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 16]);
  expect(Math.max(...many)).toBe(32);
});

it('calms down when few are dropped', () => {
  const seconds = told([...new Array(20).fill(500), ...new Array(60).fill(0).map((_, at) => (at % 20 === 19 ? 1 : 0))]);
  expect([seconds[19], seconds[79]]).toEqual([16, 13]);
});
