import type { Json } from '@keelson/machinery';
import type { JsonSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { coerceEmbeddedMetadata, holdsObjects } from './coerce-embedded-metadata.js';

const embedded: JsonSchema = { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { metadata: { type: 'object' } } };
const schema: JsonSchema = {
  type: 'object',
  properties: {
    one: embedded,
    list: { type: 'array', items: embedded },
    map: { type: 'object', additionalProperties: embedded },
    plain: { type: 'object', properties: { metadata: { type: 'object' } } },
  },
};

function coerced(value: Json) {
  const problems: string[] = [];
  coerceEmbeddedMetadata(value, schema, { strict: { add: (problem) => problems.push(problem) } });
  return { value, problems };
}

describe('coerceEmbeddedMetadata', () => {
  it('drops what metadata does not have, and tells where', () => {
    const odd = () => ({ metadata: { name: 'a', odd: 1, labels: { b: 'c' } } });
    expect(coerced({ one: odd(), list: [odd()], map: { 'x.y': odd() } })).toEqual({
      value: {
        one: { metadata: { name: 'a', labels: { b: 'c' } } },
        list: [{ metadata: { name: 'a', labels: { b: 'c' } } }],
        map: { 'x.y': { metadata: { name: 'a', labels: { b: 'c' } } } },
      },
      problems: ['unknown field "list[0].metadata.odd"', 'unknown field "map[x.y].metadata.odd"', 'unknown field "one.metadata.odd"'],
    });
  });

  it('adds nothing, and leaves what is not embedded', () => {
    const value = { one: { metadata: {} }, list: [{ kind: 'A' }], plain: { metadata: { odd: 1 } } };
    expect(coerced(structuredClone(value))).toEqual({ value, problems: [] });
  });

  it('leaves out of what is stored what cannot be read', () => {
    const value = { one: { kind: 5, metadata: { name: 5, creationTimestamp: 'bad', labels: { a: 'b' } } }, list: [{ metadata: 'x' }] };
    expect(coerced(value)).toEqual({ value: { one: { metadata: { labels: { a: 'b' } } }, list: [{}] }, problems: [] });
  });

  it.each<[Json, string]>([
    [{ one: { kind: 5 } }, 'one.kind: Invalid value: 5: must be a string'],
    [{ list: [{ apiVersion: null }] }, 'list[0].apiVersion: Invalid value: null: must be a string'],
    [
      { map: { a: { metadata: 'b' } } },
      'map[a].metadata: Invalid value: "b": json: cannot unmarshal string into Go value of type v1.ObjectMeta',
    ],
    [
      { one: { metadata: { name: 5 } } },
      'one.metadata: Invalid value: {"name":5}: json: cannot unmarshal number into Go struct field ObjectMeta.name of type string',
    ],
  ])('refuses of what is sent %j', (value, problem) => {
    expect(() => coerceEmbeddedMetadata(value, schema, { refuse: true })).toThrow(problem);
  });
});

it('knows which schemas have objects inside', () => {
  expect(holdsObjects(schema)).toBe(true);
  expect(holdsObjects({ type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } })).toBe(false);
});
