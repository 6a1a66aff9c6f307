import { describe, expect, it } from 'vitest';
import { commonIndex, countIndexes } from './job-indexes.js';

describe('indexes of a job', () => {
  it.each([
    ['', 0],
    ['0', 1],
    ['0,2-4', 4],
    ['1-2-3', 'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\''],
    ['a', 'cannot convert string to integer for index: "a"'],
    ['1-', 'cannot convert string to integer for index: ""'],
    ['5', 'too large index: "5"'],
    ['3-5', 'too large index: "5"'],
    ['3-3', 'non-increasing order, previous: 3, current: 3'],
    ['0-2,2', 'non-increasing order, previous: 2, current: 2'],
  ])('%s of five are %s', (text, expected) => {
    expect(countIndexes(text, 5)).toBe(expected);
  });

  it.each([
    ['0-2', '3-4', undefined],
    ['0,3-4', '1,4', 4],
    ['x,1', '1', 1],
    ['', '1', undefined],
  ])('%s and %s have %s in common', (one, other, expected) => {
    expect(commonIndex(one, other, 5)).toBe(expected);
  });
});
