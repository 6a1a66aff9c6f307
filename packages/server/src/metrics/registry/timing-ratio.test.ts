import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TimingRatioFamily } from './timing-ratio-family.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

it('counts for each nanosecond which part of its limit something was', () => {
  const family = new TimingRatioFamily('use', 'Use.', ['level'], [0, 0.5, 1]);
  const ratio = family.child('a');
  const after = (ms: number, change: (nowMs: number) => void) => {
    vi.advanceTimersByTime(ms);
    change(performance.now());
  };
  ratio.setDenominator(4, performance.now());
  after(3, (now) => ratio.set(1, now)); // 3 ms of 0
  after(2, (now) => ratio.set(4, now)); // 2 ms of a quarter
  after(5, (now) => ratio.setDenominator(2, now)); // 5 ms of 1
  after(1, (now) => ratio.set(2, now)); // 1 ms of 2
  vi.advanceTimersByTime(7); // of 1, so far
  expect([...family.render()].join('')).toBe(
    [
      'use_bucket{level="a",le="0"} 3000000',
      'use_bucket{level="a",le="0.5"} 5000000',
      'use_bucket{level="a",le="1"} 17000000',
      'use_bucket{level="a",le="+Inf"} 18000000',
      'use_sum{level="a"} 14500000',
      'use_count{level="a"} 18000000',
      '',
    ].join('\n'),
  );
});

it('counts what is too much to be noted', () => {
  const family = new TimingRatioFamily('use', 'Use.', [], [1]);
  const ratio = family.child();
  ratio.setDenominator(100, performance.now());
  ratio.set(300, performance.now());
  vi.advanceTimersByTime(2);
  ratio.set(50, performance.now());
  vi.advanceTimersByTime(3);
  expect([...family.render()].join('')).toBe(
    ['use_bucket{le="1"} 3000000', 'use_bucket{le="+Inf"} 5000000', 'use_sum 7500000', 'use_count 5000000', ''].join('\n'),
  );
});
