import { expect, it } from 'vitest';
import { parseIntOrString, percentOf, scaledValue } from './int-or-string.js';

it('reads numbers that fit 32 bits, and text', () => {
  expect(parseIntOrString('80')).toBe(80);
  expect(parseIntOrString('-1')).toBe(-1);
  expect(parseIntOrString('http')).toBe('http');
  expect(parseIntOrString('25%')).toBe('25%');
  expect(parseIntOrString('2147483648')).toBe('2147483648');
  expect(parseIntOrString('')).toBe('');
});

it('knows percentages', () => {
  expect(percentOf('25%')).toBe(25);
  expect(percentOf('25')).toBeUndefined();
  expect(percentOf(25)).toBeUndefined();
});

it('scales percentages and keeps numbers', () => {
  expect(scaledValue(3, 10, 'up')).toBe(3);
  expect(scaledValue('25%', 10, 'up')).toBe(3);
  expect(scaledValue('25%', 10, 'down')).toBe(2);
  expect(() => scaledValue('25', 10, 'up')).toThrow('invalid value for IntOrString: invalid type: string is not a percentage');
  expect(() => scaledValue('x%', 10, 'up')).toThrow('invalid value for IntOrString: invalid value "x%"');
});
