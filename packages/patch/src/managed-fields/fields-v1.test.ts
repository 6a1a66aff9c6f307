import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { readFieldsV1 } from './fields-v1.js';

describe('readFieldsV1', () => {
  it('returns canonical sets as they are', () => {
    const set = {
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
      'f:spec': { 'f:x': { 'k:{"name":"n"}': { '.': {}, 'f:name': {} } } },
    };
    expect(readFieldsV1(set)).toBe(set);
  });

  it('sorts, rewrites and skips', () => {
    const sent = { 'f:b': null, 'x:later': {}, 'f:a': { 'k:{"b":1,"a":2}': {}, '.': {} }, 'f:c': { '.': {} } };
    expect(JSON.stringify(readFieldsV1(sent))).toBe('{"f:a":{".":{},"k:{\\"a\\":2,\\"b\\":1}":{}},"f:b":{},"f:c":{}}');
  });

  it.each<[string, Json]>([
    ['a list', []],
    ['a scalar below', { 'f:a': 1 }],
    ['an element without colon', { name: {} }],
    ['__proto__', JSON.parse('{"__proto__": {"f:a": {}}}') as Json],
  ])('refuses %s', (_, sent) => {
    expect(() => readFieldsV1(sent)).toThrow(SyntaxError);
  });

  it('refuses sets that nest too deep', () => {
    let sent: Json = {};
    for (let i = 0; i < 2000; i++) sent = { 'f:a': sent };
    expect(() => readFieldsV1(sent)).toThrow('nest too deep');
  });
});
