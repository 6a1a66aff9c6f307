import { describe, expect, it } from 'vitest';
import { jsonToYaml } from './json-to-yaml.js';

const yaml = (value: unknown) => jsonToYaml(JSON.stringify(value));

describe('jsonToYaml', () => {
  it.each([
    ['', '""'],
    ['yes', '"yes"'],
    ['0x1f', '"0x1f"'],
    ['08', '"08"'],
    ['1:30', '"1:30"'],
    ['1:60', '1:60'],
    ['2001-01-01', '"2001-01-01"'],
    ['2001-02-30', '2001-02-30'],
    ['- a', "'- a'"],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #x', "'a #x'"],
    ["it's", "it's"],
    ["'a", "'''a'"],
    [' a', "' a'"],
    ['a\tb', '"a\\tb"'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\n', '|\n  a'],
    [' a\nb', '|2-\n   a\n  b'],
    ['a \nb', '"a \\nb"'],
    ['😀', '"\\U0001F600"'],
    ['é', 'é'],
    ['\u00a0', '"\\_"'.replace('"\\_"', '\u00a0')],
    [`${'a'.repeat(80)} b  c d`, `${'a'.repeat(80)}\n  b  c d`],
    [`"${'a'.repeat(80)} b`, `'"${'a'.repeat(80)}\n  b'`],
    [`\u0001${'a'.repeat(80)}  b`, `"\\x01${'a'.repeat(80)}\n  \\ b"`],
  ])('writes %j as %j', (text, expected) => {
    expect(yaml({ a: text })).toBe(`a: ${expected}\n`);
  });

  it('keeps the end of a document that ends with line breaks', () => {
    expect(yaml({ a: 'x\n\n' })).toBe('a: |+\n  x\n\n...\n');
    expect(jsonToYaml('{"a":"x\\n\\n"}', true)).toBe('a: |+\n  x\n\n');
  });

  it('writes collections', () => {
    expect(yaml({ b: [1, [2, { c: [] }]], a: { x: {}, y: null } })).toBe('a:\n  x: {}\n  "y": null\nb:\n- 1\n- - 2\n  - c: []\n');
  });

  it('writes keys that are long or of several lines behind a question mark', () => {
    expect(yaml({ ['k'.repeat(129)]: [1], 'a\nb': 'c' })).toBe(`? |-\n  a\n  b\n: c\n? ${'k'.repeat(129)}\n: - 1\n`);
  });

  it('orders keys by the numbers in them', () => {
    expect(yaml({ a10: 1, a9: 2, B: 3, a: 4, '1': 5 })).toBe('"1": 5\nB: 3\na: 4\na9: 2\na10: 1\n');
  });

  it('writes numbers', () => {
    expect(jsonToYaml('[1e21,100000000000000000000,9223372036854775807,0.00001,1234567.5,-0]')).toBe(
      '- 1e+21\n- 1e+20\n- 9223372036854775807\n- 1e-05\n- 1.2345675e+06\n- 0\n',
    );
  });

  it('reads JSON as YAML', () => {
    expect(yaml({ a: 'b\u0085 c' })).toBe('a: b c\n');
    expect(() => yaml({ a: '\u007f' })).toThrow('yaml: control characters are not allowed');
  });
});
