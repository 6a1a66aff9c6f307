import { expect, it } from 'vitest';
import { aggregate } from './aggregate.js';

it.each([
  [['a'], 'a'],
  [['a', 'b'], '[a, b]'],
  [['a', 'a'], 'a'],
  [['a', 'b', 'a'], '[a, b]'],
])('%j', (texts, text) => expect(aggregate(texts)).toBe(text));
