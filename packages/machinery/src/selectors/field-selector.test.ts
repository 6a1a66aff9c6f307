import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldSelector, parseFieldSelector } from './field-selector.js';

describe('parsing', () => {
  it.each([
    ['', []],
    [',', []],
    ['metadata.name=a', [['metadata.name', '=', 'a']]],
    ['metadata.name==a', [['metadata.name', '=', 'a']]],
    ['metadata.name!=a', [['metadata.name', '!=', 'a']]],
    ['metadata.name=', [['metadata.name', '=', '']]],
    [
      'b=2,a=1,',
      [
        ['a', '=', '1'],
        ['b', '=', '2'],
      ],
    ],
    ['a=x\\,y\\=z\\\\', [['a', '=', 'x,y=z\\']]],
    ['a\n=b\n', [['a\n', '=', 'b\n']]],
  ])('%j', (text, requirements) => {
    expect(parseFieldSelector(text).requirements).toEqual(requirements.map(([field, operator, value]) => ({ field, operator, value })));
  });

  it.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['metadata.name in (a)', "invalid selector: 'metadata.name in (a)'; can't understand 'metadata.name in (a)'"],
    ['a=1,b', "invalid selector: 'a=1,b'; can't understand 'b'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=b\\c', 'invalid field selector: invalid escape sequence: \\c'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%j is refused', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(expect.objectContaining({ message, code: 400 }));
  });
});

describe('matching', () => {
  const fields = { 'metadata.name': 'a', 'status.phase': 'Running' };

  it.each([
    ['', true],
    ['metadata.name=a', true],
    ['metadata.name!=a', false],
    ['spec.nodeName=', true],
    ['spec.nodeName!=', false],
    ['metadata.name=a,status.phase!=Pending', true],
    ['metadata.name=a,status.phase!=Running', false],
    ['metadata.name=a,status.phase=Running,spec.nodeName=n', false],
  ])('%j', (text, expected) => {
    expect(parseFieldSelector(text).matches(fields)).toBe(expected);
  });

  it('does not see members of Object.prototype', () => {
    expect(parseFieldSelector('constructor=').matches({})).toBe(true);
  });

  it('tells the exact value an index can look up', () => {
    const selector = parseFieldSelector('metadata.name=a,status.phase!=Running');
    expect(selector.exactValue('metadata.name')).toBe('a');
    expect(selector.exactValue('status.phase')).toBeUndefined();
  });

  it('can be mapped to other fields', () => {
    const selector = parseFieldSelector('name=a').map((requirement) => ({ ...requirement, field: 'metadata.name' }));
    expect(selector.toString()).toBe('metadata.name=a');
    expect(selector.matches(fields)).toBe(true);
  });
});

it('reads back what it prints', () => {
  const requirement = fc.record({
    field: fc.stringMatching(/^[a-z]+(\.[a-zA-Z]+)*$/),
    operator: fc.constantFrom('=' as const, '!=' as const),
    value: fc.string({ unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom(',', '=', '\\', '!')) }),
  });
  fc.assert(
    fc.property(requirement, (wanted) => {
      expect(parseFieldSelector(new FieldSelector([wanted]).toString()).requirements).toEqual([wanted]);
    }),
  );
});
