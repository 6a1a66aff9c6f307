import { describe, expect, it } from 'vitest';
import { formatGoDuration, parseGoDuration } from './go-duration.js';

describe('Go durations', () => {
  it.each([
    ['0', 0],
    ['5s', 5000],
    ['1m0s', 60_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['-3s', -3000],
    ['+3s', 3000],
    ['250ms', 250],
    ['100µs', 0.1],
  ])('reads %s', (text, ms) => {
    expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['x', 'time: invalid duration "x"'],
    ['5', 'time: missing unit in duration "5"'],
    ['5d', 'time: unknown unit "d" in duration "5d"'],
    ['1h-5m', 'time: unknown unit "h-" in duration "1h-5m"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseGoDuration(text)).toThrow(message);
  });

  it.each([
    [0, '0s'],
    [2000, '2s'],
    [60_000, '1m0s'],
    [5_400_000, '1h30m0s'],
    [1500, '1.5s'],
    [250, '250ms'],
    [-60_000, '-1m0s'],
  ])('writes %d ms', (ms, text) => {
    expect(formatGoDuration(ms)).toBe(text);
  });
});
