import type { JsonSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { publishedSchema } from './published-schema.js';

const text: JsonSchema = { type: 'string' };
const ofObjects = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { $ref: 'ObjectMeta' } };
const published = (schema: JsonSchema, version: 'v2' | 'v3') => publishedSchema(schema, version, ofObjects);
const either = [{ type: 'integer' }, { type: 'string' }];
const open = { 'x-kubernetes-preserve-unknown-fields': true } as const;

describe('publishedSchema', () => {
  it.each<[string, JsonSchema, object]>([
    [
      'says nothing of junctors and defaults',
      { ...text, default: 'a', enum: ['a'], allOf: [{ minLength: 1 }], not: {} },
      { ...text, enum: ['a'] },
    ],
    ['leaves the type of what may be null open', { ...text, nullable: true, description: 'd' }, { description: 'd' }],
    [
      'says nothing of what is in objects that may be null',
      { type: 'object', nullable: true, properties: { a: text }, required: ['a'] },
      { required: ['a'] },
    ],
    [
      'requires nothing that may be null',
      { type: 'object', properties: { a: { ...text, nullable: true }, b: text }, required: ['a', 'b'] },
      { type: 'object', properties: { a: {}, b: text }, required: ['b'] },
    ],
    [
      'requires nothing beside what may be null',
      { type: 'object', additionalProperties: { ...text, nullable: true }, required: ['a'] },
      { type: 'object', additionalProperties: {} },
    ],
    ['says nothing of what is in open objects', { type: 'object', ...open, properties: { a: text } }, open],
    ['says nothing of what is in lists of anything', { type: 'array', ...open, items: text }, open],
    [
      'goes into parts',
      { type: 'array', items: { type: 'object', properties: { a: { ...text, default: 'b' } } } },
      { type: 'array', items: { type: 'object', properties: { a: text } } },
    ],
    [
      'adds nothing to embedded objects that are open',
      { type: 'object', 'x-kubernetes-embedded-resource': true, ...open },
      { 'x-kubernetes-embedded-resource': true, ...open },
    ],
  ])('v2 %s', (_, schema, expected) => {
    expect(published(schema, 'v2')).toEqual(expected);
  });

  it.each<[string, JsonSchema, object]>([
    [
      'has all of the structure',
      { type: 'object', nullable: true, ...open, properties: { a: { ...text, default: 'b', not: { maxLength: 1 } } } },
      { type: 'object', nullable: true, ...open, properties: { a: { ...text, default: 'b', not: { maxLength: 1 } } } },
    ],
    ['has no examples', { ...text, example: 'a', externalDocs: { url: 'https://example.com' } }, text],
    [
      'spells out what may be a number or a text',
      { 'x-kubernetes-int-or-string': true },
      { 'x-kubernetes-int-or-string': true, anyOf: either },
    ],
    [
      'spells it out beside what else any must be',
      { 'x-kubernetes-int-or-string': true, anyOf: [{ minimum: 1 }], allOf: [{ maximum: 2 }] },
      { 'x-kubernetes-int-or-string': true, anyOf: [{ minimum: 1 }], allOf: [{ anyOf: either }, { maximum: 2 }] },
    ],
    [
      'does not spell it out twice',
      { 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: either }] as JsonSchema[] },
      { 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: either }] },
    ],
    [
      'knows what embedded objects have',
      { type: 'object', 'x-kubernetes-embedded-resource': true, ...open, properties: { spec: { type: 'object' } }, required: ['spec'] },
      {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        ...open,
        properties: { spec: { type: 'object' }, ...ofObjects },
        required: ['spec', 'kind', 'apiVersion'],
      },
    ],
  ])('v3 %s', (_, schema, expected) => {
    expect(published(schema, 'v3')).toEqual(expected);
  });
});
