import type { JsonSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../testing/evaluate.js';
import { schemaValue } from './schema-value.js';

const texts = { type: 'string' } as JsonSchema;
const schema = {
  type: 'object',
  properties: {
    list: { type: 'array', items: { type: 'integer' } },
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: texts },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: texts, v: { type: 'integer' } } },
    },
    map: { type: 'object', additionalProperties: texts },
    none: { type: 'string', nullable: true },
    empty: { type: 'array', items: texts },
  },
} as JsonSchema;
const object = {
  list: [3, 1],
  set: ['a', 'b'],
  items: [{ k: 'x', v: 1 }, { k: 'y' }],
  map: { a: 'b' },
  none: null,
  empty: [],
};

describe('values of a schema', () => {
  it.each([
    ['(self.set + ["b", "c"]) == ["c", "b", "a"]', 'true'],
    ['self.list + [2] == [3, 1, 2] && self.list != [1, 3]', 'true'],
    ['(self.items + self.items) == self.items', 'true'],
    ['dyn(self.list + [2]) == "a"', 'error: no such overload'],
    ['self.map == "a"', 'error: no such overload'],
    ['"a" == self.map || null == self.list', 'false'],
    ['self.list[1.0]', 'error: unsupported index: 1'],
    ['self.list["a"]', "error: unsupported index type 'string' in list"],
    ['self.map[1]', 'error: no such overload'],
    ['has(self.none)', 'false'],
    ['self.none', 'error: no such key: none'],
    ['type(self) == map', 'true'],
    ['optional.ofNonZeroValue(self.empty).hasValue()', 'true'],
  ])('%s', (expression, expected) => {
    expect(evaluate(expression, { self: schemaValue(object, schema) })).toBe(expected);
  });
});
