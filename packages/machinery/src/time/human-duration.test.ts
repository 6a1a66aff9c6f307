import { describe, expect, it } from 'vitest';
import { humanDuration, humanDurationEnd } from './human-duration.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

describe('human duration', () => {
  it.each([
    [-2 * second, '<invalid>'],
    [-2 * second + 1, '0s'],
    [-second, '0s'],
    [0, '0s'],
    [999, '0s'],
    [second, '1s'],
    [2 * minute - 1, '119s'],
    [2 * minute, '2m'],
    [2 * minute + second, '2m1s'],
    [10 * minute - second, '9m59s'],
    [10 * minute + second, '10m'],
    [3 * hour - second, '179m'],
    [3 * hour, '3h'],
    [3 * hour + minute, '3h1m'],
    [8 * hour - second, '7h59m'],
    [8 * hour + minute, '8h'],
    [2 * day - second, '47h'],
    [2 * day, '2d'],
    [2 * day + hour, '2d1h'],
    [8 * day - second, '7d23h'],
    [8 * day + hour, '8d'],
    [2 * year - second, '729d'],
    [2 * year, '2y'],
    [2 * year + day, '2y1d'],
    [3 * year + 45 * day, '3y45d'],
    [8 * year - second, '7y364d'],
    [8 * year + day, '8y'],
  ])('%i ms is %s', (durationMs, text) => {
    expect(humanDuration(durationMs)).toBe(text);
  });
});

describe('the end of a human duration', () => {
  it.each([
    [-5 * second, -4 * second],
    [0, second],
    [999, second],
    [9 * minute + 59 * second, 10 * minute],
    [10 * minute + second, 11 * minute],
    [7 * hour + 59 * minute, 8 * hour],
    [8 * hour + minute, 9 * hour],
    [7 * day + 23 * hour, 8 * day],
    [8 * day + hour, 9 * day],
    [8 * year + day, 9 * year],
  ])('of %i ms is %i ms', (durationMs, end) => {
    expect(humanDurationEnd(durationMs)).toBe(end);
  });

  it('never comes after the text has changed', () => {
    for (let durationMs = 0; durationMs < 9 * year; durationMs += 1 + durationMs * 0.013) {
      const end = humanDurationEnd(durationMs);
      expect(end).toBeGreaterThan(durationMs);
      expect(humanDuration(end - 1)).toBe(humanDuration(durationMs));
    }
  });
});
