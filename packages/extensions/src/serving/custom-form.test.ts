import type { KubeObject } from '@keelson/machinery';
import type { JsonSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { customKind } from '../kind/custom-kind.js';
import { customForm } from './custom-form.js';
import { fieldReaders } from './selectable-fields.js';

const schema = {
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { size: { type: 'integer', default: 1 } }, default: {} },
    part: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
  },
} as unknown as JsonSchema;
const kind = customKind({ group: 'example.com', version: 'v1', kind: 'Widget' }, schema);
const parts = { shown: kind, written: kind, kinds: new Map([['example.com/v1', kind]]), fields: fieldReaders([]) };
const form = customForm({ ...parts, beganWithoutGenerations: true });
const read = (stored: object): KubeObject =>
  form.decode(Buffer.from(JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Widget', ...stored })));

describe('what is stored of custom resources', () => {
  it('is shown without what is no metadata, wherever it comes from', () => {
    const metadata = { name: 'w', unknown: 42, annotations: { a: 42, b: 'c' }, labels: { invalid: 'x y' } };
    const shown = { name: 'w', labels: { invalid: 'x y' } };
    const { metadata: own, part } = read({ metadata, part: { apiVersion: 'v1', kind: 'Part', metadata } }) as KubeObject & { part: object };
    expect(own).toEqual({ ...shown, generation: 1 });
    expect(part).toEqual({ apiVersion: 'v1', kind: 'Part', metadata: shown });
  });

  it('is of the first generation where it says none, and has defaults', () => {
    expect(read({ metadata: { name: 'w' } })).toEqual({ metadata: { name: 'w', generation: 1 }, spec: { size: 1 } });
    expect(read({ metadata: { name: 'w', generation: 7 }, spec: { size: 2 } })).toEqual({
      metadata: { name: 'w', generation: 7 },
      spec: { size: 2 },
    });
  });

  it('has no generation that nobody gave it where all have had one', () => {
    const stored = Buffer.from('{"apiVersion":"example.com/v1","metadata":{"name":"w"},"spec":{"size":2}}');
    expect(customForm(parts).decode(stored).metadata).toEqual({ name: 'w' });
  });

  it('is nothing at all in a bookmark', () => {
    expect(read({ metadata: { resourceVersion: '5' } })).toEqual({ metadata: { resourceVersion: '5' } });
  });
});
