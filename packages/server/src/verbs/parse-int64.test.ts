import { describe, expect, it } from 'vitest';
import { parseInt64 } from './parse-int64.js';

describe('parseInt64', () => {
  it.each([
    ['0', 0],
    ['+5', 5],
    ['-5', -5],
    ['0005', 5],
    ['9223372036854775807', 2 ** 63],
    ['-9223372036854775808', -(2 ** 63)],
  ])('reads %s', (text, expected) => {
    expect(parseInt64(text)).toBe(expected);
  });

  it.each([
    ['', 'invalid syntax'],
    ['x', 'invalid syntax'],
    ['1.5', 'invalid syntax'],
    ['0x10', 'invalid syntax'],
    ['--1', 'invalid syntax'],
    ['9223372036854775808', 'value out of range'],
    ['-9223372036854775809', 'value out of range'],
    ['1'.repeat(100_000), 'value out of range'],
  ])('refuses %s', (text, why) => {
    expect(() => parseInt64(text)).toThrow(`strconv.ParseInt: parsing "${text}": ${why}`);
  });
});
