import { clientBounds, Histogram, type KubeObject } from '@keelson/machinery';
import type { JsonSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { customValidation } from './custom-validation.js';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      'x-kubernetes-validations': [
        { rule: 'self.min <= self.max', message: 'min may not exceed max', fieldPath: '.min', reason: 'FieldValueForbidden' },
        { rule: 'self.name == oldSelf.name', messageExpression: '"name was " + oldSelf.name' },
        { rule: 'oldSelf.hasValue() || self.min > 0', optionalOldSelf: true, message: 'a new one starts above zero' },
      ],
      properties: {
        name: { type: 'string', maxLength: 10 },
        min: { type: 'integer' },
        max: { type: 'integer', maximum: 100 },
        since: { type: 'string', format: 'date-time', 'x-kubernetes-validations': [{ rule: "self < timestamp('2030-01-01T00:00:00Z')" }] },
        port: { 'x-kubernetes-int-or-string': true, 'x-kubernetes-validations': [{ rule: 'self < 1024' }] },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id'],
          items: {
            type: 'object',
            required: ['id'],
            properties: { id: { type: 'string' }, size: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] } },
          },
        },
      },
    },
  },
} as unknown as JsonSchema;

const GVK = { group: 'example.com', version: 'v1', kind: 'Widget' };
const validate = customValidation(GVK, schema, () => []);

function judge(spec: object, old?: object): { errors: string[]; warnings: string[] } {
  const warnings: string[] = [];
  const widget = (of: object) => ({ metadata: { name: 'w' }, spec: of }) as unknown as KubeObject;
  const errors = validate(widget(spec), old && widget(old), { warn: (text) => void warnings.push(text) });
  return { errors: errors.map(String), warnings };
}

const good = { name: 'a', min: 1, max: 2 };

describe('customValidation', () => {
  it('takes what fits', () => {
    expect(judge(good)).toEqual({ errors: [], warnings: [] });
    expect(judge({ ...good, min: 0 }, { ...good, max: 3 })).toEqual({ errors: [], warnings: [] });
  });

  it('evaluates rules with their messages, reasons and places', () => {
    expect(judge({ ...good, min: 3 }).errors).toEqual(['spec.min: Forbidden: min may not exceed max']);
    expect(judge({ ...good, name: 'b' }, good).errors).toEqual(['spec: Invalid value: "object": name was a']);
    expect(judge({ ...good, min: 0 }).errors).toEqual(['spec: Invalid value: "object": a new one starts above zero']);
  });

  it('sees texts of a format as what they stand for, and tells of values that rules cannot compare', () => {
    expect(judge({ ...good, since: '2031-01-01T00:00:00Z' }).errors).toEqual([
      `spec.since: Invalid value: "string": failed rule: self < timestamp('2030-01-01T00:00:00Z')`,
    ]);
    expect(judge({ ...good, port: 'http' }).errors).toEqual([
      `spec.port: Invalid value: "": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self < 1024`,
    ]);
  });

  it('finds items of maps again, and no others', () => {
    const parts = [
      { id: 'x', size: 2 },
      { id: 'y', size: 5 },
    ];
    const shuffled = [
      { id: 'y', size: 4 },
      { id: 'x', size: 2 },
      { id: 'z', size: 0 },
    ];
    expect(judge({ ...good, parts: shuffled }, { ...good, parts }).errors).toEqual([
      'spec.parts[0].size: Invalid value: "integer": failed rule: self >= oldSelf',
    ]);
  });

  it('checks no rules of values of the wrong type', () => {
    expect(judge({ ...good, min: 'x' }).errors).toEqual([
      'spec.min: Invalid value: "string": spec.min in body must be of type integer: "string"',
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ]);
  });

  it('leaves alone what was wrong before and has not changed', () => {
    const bad = { ...good, min: 400, max: 200 };
    expect(judge({ ...bad, tags: ['new'] }, bad).errors).toEqual(['spec.min: Forbidden: min may not exceed max']);
    expect(judge(bad, bad)).toEqual({ errors: [], warnings: ['spec.min: Forbidden: min may not exceed max'] });
    expect(judge({ ...bad, max: 300 }, bad).errors[0]).toBe(
      'spec.max: Invalid value: 300: spec.max in body should be less than or equal to 100',
    );
  });

  it('refuses items of a set that are the same, but those that were so before', () => {
    expect(judge({ ...good, tags: ['a', 'b', 'a'] }).errors).toEqual(['spec.tags[2]: Duplicate value: "a"']);
    expect(judge({ ...good, tags: ['a', 'a', 'b'] }, { ...good, tags: ['a', 'a'] }).errors).toEqual([]);
  });
});

it('times how long rules take to compile, and to be evaluated for an object', () => {
  const histogram = () => new Histogram(Float64Array.from(clientBounds));
  const times = { compilations: histogram(), evaluations: histogram() };
  const timed = customValidation(GVK, schema, () => [], times);
  const widget = { metadata: { name: 'w' }, spec: good } as unknown as KubeObject;
  for (let i = 0; i < 3; i++) expect(timed(widget, undefined, { warn: () => undefined })).toEqual([]);
  const count = ({ counts }: Histogram) => counts.reduce((sum, one) => sum + one, 0);
  expect([count(times.compilations), count(times.evaluations)]).toEqual([1, 3]);
});

it('asks again which version an object is of, though the old one was of the same', () => {
  const ofV2 = { type: 'object', properties: { apiVersion: { type: 'string', pattern: '/v2$' } } } as JsonSchema;
  const object = { metadata: { name: 'w' } } as KubeObject;
  const told = customValidation(GVK, ofV2, () => [])(object, object, { warn: () => undefined });
  expect(told.map(String)).toEqual([`apiVersion: Invalid value: "example.com/v1": apiVersion in body should match '/v2$'`]);
});
