import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatDurationMs, parseDuration, parseDurationMs } from './duration.js';

describe('parsing and printing', () => {
  it.each([
    ['0', 0n, '0s'],
    ['0s', 0n, '0s'],
    ['1h', 3_600_000_000_000n, '1h0m0s'],
    ['90m', 5_400_000_000_000n, '1h30m0s'],
    ['1m30s', 90_000_000_000n, '1m30s'],
    ['1.5s', 1_500_000_000n, '1.5s'],
    ['.5s', 500_000_000n, '500ms'],
    ['1.s', 1_000_000_000n, '1s'],
    ['100ms', 100_000_000n, '100ms'],
    ['-1.5h', -5_400_000_000_000n, '-1h30m0s'],
    ['+5ns', 5n, '5ns'],
    ['1500us', 1_500_000n, '1.5ms'],
    ['1.5\u03bcs', 1_500n, '1.5\u00b5s'],
    ['9223372036854775807ns', 2n ** 63n - 1n, '2562047h47m16.854775807s'],
    ['-9223372036854775808ns', -(2n ** 63n), '-2562047h47m16.854775808s'],
  ])('%s', (text, nanos, canonical) => {
    expect(parseDuration(text)).toBe(nanos);
    expect(formatDuration(nanos)).toBe(canonical);
  });

  it('takes and gives milliseconds for timers', () => {
    expect(parseDurationMs('1m0.5s')).toBe(60_500);
    expect([formatDurationMs(60_500), formatDurationMs(-0.1)]).toEqual(['1m0.5s', '-100\u00b5s']);
  });
});

it.each([
  ['', 'time: invalid duration ""'],
  ['-', 'time: invalid duration "-"'],
  ['s', 'time: invalid duration "s"'],
  ['.s', 'time: invalid duration ".s"'],
  ['5', 'time: missing unit in duration "5"'],
  ['1h5', 'time: missing unit in duration "1h5"'],
  ['5x', 'time: unknown unit "x" in duration "5x"'],
  ['1 h', 'time: unknown unit " h" in duration "1 h"'],
  ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
  ['99999999999999999999h', 'time: invalid duration "99999999999999999999h"'],
])('refuses %j', (text, message) => {
  expect(() => parseDuration(text)).toThrow(new RangeError(message));
});

it('reads back what it prints', () => {
  fc.assert(fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (nanos) => parseDuration(formatDuration(nanos)) === nanos));
});
