import type { Json } from '@keelson/machinery';
import { expect, it } from 'vitest';
import type { JsonSchema } from './json-schema.js';
import { prune } from './prune.js';

const text: JsonSchema = { type: 'string' };
const keeps = { 'x-kubernetes-preserve-unknown-fields': true } as const;

function pruned(schema: JsonSchema, value: Json, isObject = false): [Json, string[]] {
  const copy = structuredClone(value);
  const gone: string[] = [];
  prune(copy, schema, isObject, (path) => gone.push(path));
  return [copy, gone];
}

it.each<[string, JsonSchema, Json, Json, string[]]>([
  ['what is known stays', { properties: { a: text } }, { a: 'x' }, { a: 'x' }, []],
  ['what is not goes', { properties: { a: text } }, { a: 'x', b: 1, c: { d: 1 } }, { a: 'x' }, ['b', 'c']],
  ['at any depth', { properties: { a: { properties: { b: text } } } }, { a: { b: 'x', c: 1 } }, { a: { b: 'x' } }, ['a.c']],
  ['in lists', { items: { properties: { a: text } } }, [{ a: 'x', b: 1 }], [{ a: 'x' }], ['[0].b']],
  ['in maps', { additionalProperties: { properties: { a: text } } }, { k: { a: 'x', b: 1 } }, { k: { a: 'x' } }, ['k.b']],
  ['maps of anything keep their values', { additionalProperties: true }, { k: { a: 1 } }, { k: {} }, ['k.a']],
  ['what keeps everything, keeps it', keeps, { a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 1 }] } }, []],
  ['but for what it knows', { ...keeps, properties: { a: { properties: { b: text } } } }, { a: { c: 1 }, d: 1 }, { a: {}, d: 1 }, ['a.c']],
  ['names of prototypes are unknown', { properties: { a: text } }, { constructor: 1, toString: 2 }, {}, ['constructor', 'toString']],
  ['metadata is unknown in what is no object', { properties: {} }, { metadata: {}, kind: 'A' }, {}, ['metadata', 'kind']],
  [
    'and stays in an embedded one',
    { properties: { e: { 'x-kubernetes-embedded-resource': true } } },
    { e: { apiVersion: 'v1', kind: 'A', metadata: { x: 1 }, spec: 1 } },
    { e: { apiVersion: 'v1', kind: 'A', metadata: { x: 1 } } },
    ['e.spec'],
  ],
])('%s', (_, schema, value, expected, gone) => {
  expect(pruned(schema, value)).toEqual([expected, gone]);
});

it('leaves type and metadata of a whole object', () => {
  const object = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' }, spec: { a: 1 } };
  expect(pruned({}, object, true)).toEqual([{ apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } }, ['spec']]);
});
