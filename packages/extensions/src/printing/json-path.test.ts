import { describe, expect, it } from 'vitest';
import { JsonPath } from './json-path.js';

const object = {
  metadata: { labels: { 'a.b/c': 'x' }, name: 'w' },
  spec: {
    replicas: 3,
    items: [
      { name: 'one', size: 1 },
      { name: 'two', size: 2 },
      { name: 'three', size: 3 },
    ],
  },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Synced', status: 'False' },
    ],
  },
};

describe('JsonPath', () => {
  it.each([
    ['.spec.replicas', [3]],
    ['.metadata.name', ['w']],
    [".metadata.labels['a.b/c']", ['x']],
    ['.metadata.labels.a\\.b/c', ['x']],
    ['.spec.items[1].name', ['two']],
    ['.spec.items[-1].name', ['three']],
    ['.spec.items[0:2].name', ['one', 'two']],
    ['.spec.items[-1:].name', ['three']],
    ['.spec.items[0,2].name', ['one', 'three']],
    ['.spec.items[*].size', [1, 2, 3]],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type == 'Synced')].status", ['False']],
    ['.spec.items[?(@.size>1)].name', ['two', 'three']],
    ['.spec.items[?(@.missing)].name', []],
    ['.spec..name', ['one', 'two', 'three']],
    ['.spec.missing.below', []],
    ['.', []],
    ['.spec.items[?(@.size>"1")].name', []],
    ['.spec.items[?(@.size>1.5)].name', []],
    ['.spec.__proto__', []],
  ])('%s finds what kubectl finds', (text, found) => {
    expect(new JsonPath(text).find(object)).toEqual(found);
  });

  it.each(['.spec[', '.a]', '.spec.items[x]', '.metadata.labels["a.b/c"]'])('refuses %s', (text) => {
    expect(() => new JsonPath(text)).toThrow(SyntaxError);
  });
});
