import { describe, expect, it } from 'vitest';
import { indentJson } from './indent-json.js';

describe('indentJson', () => {
  it.each([
    ['{}', '{}'],
    ['[]', '[]'],
    ['{"a":{},"b":[],"c":null}', '{\n  "a": {},\n  "b": [],\n  "c": null\n}'],
    ['[{"a":[1,2]},"x"]', '[\n  {\n    "a": [\n      1,\n      2\n    ]\n  },\n  "x"\n]'],
    ['"alone"', '"alone"'],
  ])('lays out %s', (compact, expected) => {
    expect(indentJson(compact)).toBe(expected);
  });

  it('is what JSON.stringify makes of the same value', () => {
    const value = { kind: 'List', items: [{ a: [[], {}, [{ b: 'c' }]], d: -1.5e3, e: 'x', f: false }], empty: {} };
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });

  it('leaves strings alone, whatever they look like', () => {
    const value = { 'k{"[,:]}\\': 'a,b:{c}[d]\\', 'x\\"': '"\\"' };
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps numbers and the order of keys as they are', () => {
    expect(indentJson('{"b":9007199254740993,"10":1.0,"9":1e2,"__proto__":1}')).toBe(
      '{\n  "b": 9007199254740993,\n  "10": 1.0,\n  "9": 1e2,\n  "__proto__": 1\n}',
    );
  });

  it('indents a text inside of another', () => {
    expect(indentJson('{"a":[1]}', 2)).toBe('{\n      "a": [\n        1\n      ]\n    }');
  });
});
