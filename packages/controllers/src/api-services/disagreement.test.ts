import type { Verdict } from '@keelson/aggregator';
import { expect, it } from 'vitest';
import { Disagreement } from './disagreement.js';

const yes: Verdict = { status: 'True', reason: 'Passed', message: 'all checks passed' };
const no: Verdict = { status: 'False', reason: 'FailedDiscoveryCheck', message: 'no route' };

it('says what is new at once, and what was contradicted later and later', () => {
  const one = new Disagreement();
  const said: number[] = [];
  // Somebody else says no, again and again.
  for (let second = 0; second < 400; second++) {
    if (!one.mayWrite(yes, no, second * 1000)) continue;
    one.written(yes);
    said.push(second);
  }
  expect(said).toEqual([0, 11, 32, 73, 154, 315]);
  expect(one.mayWrite(no, yes, 400_000)).toBe(true);
  one.written(no);
  expect([one.mayWrite(no, yes, 401_000), one.mayWrite(no, yes, 410_999), one.mayWrite(no, yes, 411_000)]).toEqual([false, false, true]);
});

it('leaves it to others how they say the same, for a while', () => {
  const one = new Disagreement();
  const other = { ...no, message: 'no answer' };
  expect([0, 1, 9_999, 10_000].map((now) => one.mayWrite(other, no, now))).toEqual([false, false, false, true]);
  expect(new Disagreement().mayWrite(yes, undefined, 0)).toBe(true);
});
