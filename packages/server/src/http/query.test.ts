import { describe, expect, it } from 'vitest';
import { Query, unescapePercent } from './query.js';

describe('Query', () => {
  it.each([
    ['a=1&a=2&b', 'a', '1', ['1', '2']],
    ['a=1&a=2&b', 'b', '', ['']],
    ['a=1', 'missing', '', []],
    ['x=a%20b+c', 'x', 'a b c', ['a b c']],
    ['x=%zz&x=good', 'x', 'good', ['good']],
    ['x=1;y=2&x=3', 'x', '3', ['3']],
    ['x=%e4', 'x', '\ufffd', ['\ufffd']],
    ['x=a=b', 'x', 'a=b', ['a=b']],
    ['__proto__=1', '__proto__', '1', ['1']],
  ])('reads %s as Go does', (raw, name, first, all) => {
    const query = new Query(raw);
    expect(query.get(name)).toBe(first);
    expect(query.getAll(name)).toEqual(all);
  });

  it('stands in a URL behind its question mark, as it came', () => {
    expect([new Query('a=%2F+b').search, Query.empty.search]).toEqual(['?a=%2F+b', '']);
  });

  it.each([
    ['watch=true', true],
    ['watch=1', true],
    ['watch', true],
    ['watch=x', true],
    ['watch=false', false],
    ['watch=False', false],
    ['watch=0', false],
    ['', false],
  ])('takes %s as a flag', (raw, expected) => {
    expect(new Query(raw).flag('watch')).toBe(expected);
  });

  it('tells malformed escapes from bytes that are not UTF-8', () => {
    expect(unescapePercent('/a%2')).toBeUndefined();
    expect(unescapePercent('/é%c3%a9%ff')).toBe('/éé\ufffd');
  });
});
