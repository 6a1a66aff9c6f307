import { describe, expect, it } from 'vitest';
import { resolvePlain } from './resolve-scalar.js';

describe('resolvePlain', () => {
  it.each([
    ['~', null],
    ['On', true],
    ['n', false],
    ['nO', 'nO'],
    ['1_000', 1000n],
    ['0o17', 15n],
    ['017', 15n],
    ['08', 8],
    ['0X1F', 31n],
    ['-0b11', -3n],
    ['+1', 1n],
    ['18446744073709551615', 18446744073709551615n],
    ['+18446744073709551615', 2 ** 64],
    ['18446744073709551616', 2 ** 64],
    ['.5', 0.5],
    ['.5_0', 0.5],
    ['5.', 5],
    ['1e2', 100],
    ['1e400', '1e400'],
    ['-.INF', Number.NEGATIVE_INFINITY],
    ['.', '.'],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['<<', '<<'],
  ])('%s', (text, value) => {
    expect(resolvePlain(text).value).toBe(value);
  });
});
