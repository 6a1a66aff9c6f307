import { expect, it } from 'vitest';
import { generateName, randomSuffix } from './generate-name.js';

it('adds five characters that spell nothing', () => {
  expect(generateName('web-')).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

it('cuts the base so that the name fits a label', () => {
  expect(generateName('a'.repeat(80))).toMatch(/^a{58}[^a]{5}$/);
});

it('draws anew each time, of the length asked for', () => {
  expect(new Set(Array.from({ length: 100 }, () => randomSuffix(10))).size).toBe(100);
  expect(randomSuffix(10)).toHaveLength(10);
});
