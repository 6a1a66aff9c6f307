import { describe, expect, it } from 'vitest';
import { yamlToJson } from './yaml-to-json.js';

const value = (text: string) => yamlToJson(text).value;

describe('aliases', () => {
  it('repeat what their anchor stands at', () => {
    expect(value('a: &x {b: [1]}\nc: *x\nd: [*x, *x]')).toEqual({ a: { b: [1] }, c: { b: [1] }, d: [{ b: [1] }, { b: [1] }] });
  });

  it('mean the last anchor of their name', () => {
    expect(value('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
    expect(value('a: &out {b: &in 1}\nc: &in 2\nd: *out\ne: *in')).toEqual({ a: { b: 1 }, c: 2, d: { b: 1 }, e: 2 });
  });

  it('stand for keys, too', () => {
    expect(value('&k a: 1\nb: *k\nc: {*k : 2}')).toEqual({ a: 1, b: 'a', c: { a: 2 } });
  });

  it('are merged', () => {
    expect(value('base: &b {x: 1, w: 1}\nc: {<<: *b, w: 2}\nd: {<<: [*b, {z: 3}]}')).toEqual({
      base: { x: 1, w: 1 },
      c: { x: 1, w: 2 },
      d: { x: 1, w: 1, z: 3 },
    });
  });

  it('must have an anchor', () => {
    expect(() => value('a: *none')).toThrow("yaml: unknown anchor 'none' referenced");
  });

  it('do not make a large object of a small text', () => {
    const levels = Array.from(
      { length: 30 },
      (_, at) =>
        `l${at}: &l${at} [${
          at === 0
            ? 'x'
            : Array(9)
                .fill(`*l${at - 1}`)
                .join()
        }]`,
    );
    expect(() => value(levels.join('\n'))).toThrow('yaml: document contains excessive aliasing');
  });

  it('do not refer to what they are part of', () => {
    expect(() => value('a: &x [*x]')).toThrow("yaml: anchor 'x' value contains itself");
  });

  it('may be many', () => {
    expect(value(`a: &x 1\nb: [${'*x,'.repeat(10_000)}]`)).toEqual({ a: 1, b: Array(10_000).fill(1) });
  });
});

describe('keys that are set again', () => {
  it('are told with their lines, and the last one counts', () => {
    expect(yamlToJson('a: 1\nb:\n  c: 1\n\n  c: 2\na: 3\n')).toMatchObject({
      value: { a: 3, b: { c: 2 } },
      duplicates: ['line 5: key "c" already set in map', 'line 6: key "a" already set in map'],
    });
  });

  it('may be many', () => {
    expect(yamlToJson('a: 1\n'.repeat(10_000)).duplicates).toHaveLength(9_999);
  });
});

describe('JSON', () => {
  it('is read as what it is', () => {
    expect(value(' {"a":[1,1.5,true,null,"x"],"b":{"__proto__":9007199254740993}}')).toEqual({
      a: [1, 1.5, true, null, 'x'],
      b: JSON.parse('{"__proto__":0}', (key, old) => (key === '__proto__' ? 9007199254740993n : old)),
    });
  });

  it('has its keys that are set again told as those of YAML', () => {
    expect(yamlToJson('{"a": 1,\n "a": 2}')).toMatchObject({ value: { a: 2 }, duplicates: ['line 2: key "a" already set in map'] });
  });

  it('need not be JSON because it begins like it', () => {
    expect(value('{a: b, c: [d]}')).toEqual({ a: 'b', c: ['d'] });
  });

  it('may be large', () => {
    const large = { items: Array.from({ length: 50_000 }, (_, at) => ({ name: `item-${at}`, value: at })) };
    expect(value(JSON.stringify(large))).toEqual(large);
  });

  it('is refused when it is too deep', () => {
    expect(() => yamlToJson('['.repeat(20_000))).toThrow('yaml: exceeded max depth');
    expect(() => value('{"a":'.repeat(20_000))).toThrow('yaml: exceeded max depth');
  });
});

describe('points', () => {
  it('without digits are no numbers', () => {
    expect(value('f:labels:\n  .: {}\n  f:app: {}\na: [., -., ._, .5, "."]')).toEqual({
      'f:labels': { '.': {}, 'f:app': {} },
      a: ['.', '-.', '._', 0.5, '.'],
    });
    expect(() => value('a: .nan')).toThrow('json: unsupported value: NaN');
  });
});
