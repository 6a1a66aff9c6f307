import { validateStructural } from '@keelson/api';
import { path } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { s } from './s.js';

describe('s', () => {
  it('says what values may be', () => {
    expect(s.string().minLength(1).maxLength(3).pattern(/^a/).describe('text').json).toEqual({
      type: 'string',
      minLength: 1,
      maxLength: 3,
      pattern: '^a',
      description: 'text',
    });
    expect(s.enum('a', 'b').default('a').json).toEqual({ type: 'string', enum: ['a', 'b'], default: 'a' });
    expect(s.int32().min(0).max(9).multipleOf(3).json).toEqual({ type: 'integer', format: 'int32', minimum: 0, maximum: 9, multipleOf: 3 });
    expect(s.map(s.boolean()).nullable().json).toEqual({ type: 'object', additionalProperties: { type: 'boolean' }, nullable: true });
  });

  it('demands the fields that may not be left out', () => {
    const object = s.object({ a: s.string(), b: s.string().optional(), c: s.string().default('x') });
    expect(object.json).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' }, c: { type: 'string', default: 'x' } },
      required: ['a'],
    });
    expect([object.isFillable, s.object({ b: s.string().optional() }).isFillable]).toEqual([false, true]);
  });

  it('says how lists and objects are owned', () => {
    const ports = s
      .list(s.object({ name: s.string(), port: s.int32() }))
      .mapBy('name')
      .maxItems(5);
    expect(ports.json).toMatchObject({ maxItems: 5, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] });
    expect(s.list(s.string()).set().json).toMatchObject({ 'x-kubernetes-list-type': 'set' });
    expect(s.object({}).atomic().open().json).toMatchObject({
      'x-kubernetes-map-type': 'atomic',
      'x-kubernetes-preserve-unknown-fields': true,
    });
  });

  it('takes rules one after the other', () => {
    expect(s.int32().rule('self > 0', 'too small').rule('self < 9', 'too large', '.x').json['x-kubernetes-validations']).toEqual([
      { rule: 'self > 0', message: 'too small' },
      { rule: 'self < 9', message: 'too large', fieldPath: '.x' },
    ]);
  });

  it('never changes a schema', () => {
    const one = s.int32();
    one.min(1).describe('x').optional();
    expect([one.json, one.presence]).toEqual([{ type: 'integer', format: 'int32' }, 'required']);
  });

  it('is structural', () => {
    const all = s.object({
      text: s.string(),
      time: s.dateTime(),
      amount: s.quantity(),
      port: s.intOrString(),
      list: s.list(s.object({ key: s.string() })).mapBy('key'),
      map: s.map(s.int64()),
      any: s.any(),
      conditions: s.conditions(),
    });
    expect(validateStructural({ type: 'object', properties: { spec: all.json } }, path('schema'))).toEqual([]);
  });
});
