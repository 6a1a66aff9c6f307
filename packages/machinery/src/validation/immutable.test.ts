import { describe, expect, it } from 'vitest';
import { path } from '../field/path.js';
import { semanticallyEqual, validateImmutable } from './immutable.js';

describe('equality', () => {
  it.each([
    [undefined, null, true],
    [null, [], true],
    [{ a: 1, b: null }, { a: 1 }, true],
    [{ a: [] }, {}, true],
    [{ a: { b: [1, 'x', true] } }, { a: { b: [1, 'x', true] } }, true],
    [{}, undefined, false],
    [0, undefined, false],
    ['', undefined, false],
    [[1], [1, 2], false],
    [[1], { 0: 1 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ constructor: Object }, {}, false],
    [JSON.parse('{"__proto__":{"a":1}}'), {}, false],
  ])('%o and %o: %s', (a, b, equal) => {
    expect(semanticallyEqual(a, b)).toBe(equal);
    expect(semanticallyEqual(b, a)).toBe(equal);
  });
});

it('reports the new value', () => {
  expect(validateImmutable(null, { a: 1 }, path('spec', 'selector')).map(String)).toEqual([
    'spec.selector: Invalid value: null: field is immutable',
  ]);
  expect(validateImmutable('a', 'a', path('spec'))).toEqual([]);
});
