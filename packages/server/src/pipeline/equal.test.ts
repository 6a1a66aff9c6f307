import { expect, it } from 'vitest';
import { jsonEqual } from './equal.js';

it.each([
  [1, 1, true],
  [1, 2, false],
  ['1', 1, false],
  [null, null, true],
  [null, {}, false],
  [null, undefined, false],
  [[], {}, false],
  [[1, [2]], [1, [2]], true],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [{ a: 1, b: { c: [] } }, { b: { c: [] }, a: 1 }, true],
  [{ a: undefined }, {}, true],
  [{}, { a: undefined }, true],
  [{ a: null }, {}, false],
  [{}, { a: null }, false],
  [JSON.parse('{"__proto__":{"a":1}}'), { ['__proto__']: { a: 1 } }, true],
  [JSON.parse('{"__proto__":{"a":1}}'), {}, false],
])('%j and %j: %s', (a, b, expected) => {
  expect(jsonEqual(a, b)).toBe(expected);
});
