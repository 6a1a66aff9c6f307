import type { Json, JsonObject, ManagedFieldsEntry } from '@keelson/machinery';
import { kinds, type TypeSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { fieldSetOf } from './stripped-fields.js';
import { trackUpdate, type UpdateTracking } from './track-update.js';

const configMapType = kinds.find('', 'v1', 'ConfigMap')?.type as TypeSchema;
const podType = kinds.find('', 'v1', 'Pod')?.type as TypeSchema;
const earlier = '2026-01-01T00:00:00Z';
const now = '2026-01-02T00:00:00Z';

function configMap(data: JsonObject, managedFields?: ManagedFieldsEntry[]): JsonObject {
  return { metadata: { name: 'n', uid: 'u', ...(managedFields && { managedFields: managedFields as unknown as Json }) }, data };
}

function entry(manager: string, data: readonly string[], rest: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry {
  const fields = Object.fromEntries(data.map((key) => [`f:${key}`, {}]));
  return { manager, operation: 'Update', apiVersion: 'v1', time: earlier, fieldsType: 'FieldsV1', fieldsV1: { 'f:data': fields }, ...rest };
}

function track(tracking: Partial<UpdateTracking> & Pick<UpdateTracking, 'object'>): ManagedFieldsEntry[] | undefined {
  return trackUpdate({ type: configMapType, apiVersion: 'v1', manager: 'me', now, ...tracking });
}

describe('trackUpdate', () => {
  it('gives a new object to its creator, without what the server writes', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', ...configMap({ a: '1' }) };
    expect(track({ object, empty: { metadata: {} } })).toEqual([
      {
        manager: 'me',
        operation: 'Update',
        apiVersion: 'v1',
        time: now,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } },
      },
    ]);
  });

  it('calls a manager without a name unknown', () => {
    expect(track({ object: configMap({ a: '1' }), manager: '' })?.[0]?.manager).toBe('unknown');
  });

  it('moves what changed, and takes away what was removed', () => {
    const live = configMap({ a: '1', b: '1', c: '1' }, [entry('other', ['a', 'b', 'c'])]);
    expect(track({ live, object: configMap({ a: '2', b: '1' }) })).toEqual([entry('other', ['b']), entry('me', ['a'], { time: now })]);
  });

  it('drops entries that own nothing any more', () => {
    const live = configMap({ a: '1' }, [entry('other', ['a'])]);
    expect(track({ live, object: configMap({ a: '2' }) })).toEqual([entry('me', ['a'], { time: now })]);
    const last = configMap({ a: '1', b: '1' }, [entry('other', ['a'])]);
    expect(track({ live: last, object: configMap({ b: '1' }) })).toBeUndefined();
  });

  it('keeps entries and times when nothing changes', () => {
    const entries = [entry('me', ['a']), entry('other', ['b'])];
    const live = configMap({ a: '1', b: '1' }, entries);
    expect(track({ live, object: configMap({ a: '1', b: '1' }) })).toEqual(entries);
  });

  it('adds to what a manager has, and keeps subresources, versions and operations apart', () => {
    const applied = entry('me', ['a'], { operation: 'Apply' });
    const status = entry('me', ['b'], { subresource: 'status' });
    const live = configMap({ a: '1', b: '1', c: '1' }, [applied, entry('me', ['c']), status]);
    expect(track({ live, object: configMap({ a: '1', b: '1', c: '1', d: '1' }) })).toEqual([
      applied,
      status,
      entry('me', ['c', 'd'], { time: now }),
    ]);
  });

  it('leaves objects alone that nobody manages', () => {
    expect(track({ live: configMap({}), object: configMap({ a: '1' }) })).toBeUndefined();
  });

  it.each<[string, Json]>([
    ['an empty list', []],
    ['a list with one empty entry', [{}]],
  ])('forgets the managers on %s', (_, managedFields) => {
    const live = configMap({ a: '1' }, [entry('other', ['a'])]);
    const object = { metadata: { uid: 'u', managedFields }, data: { a: '1' } };
    expect(track({ live, object })).toBeUndefined();
    expect(track({ live, object: configMap({ a: '1' }), sent: managedFields })).toBeUndefined();
    expect(track({ live, object, subresource: 'status' })).toEqual([entry('other', ['a'])]);
  });

  it('takes entries a client sends, in canonical form', () => {
    const live = configMap({ a: '1' }, [entry('other', ['a'])]);
    const sent = entry('new', [], { fieldsV1: { 'f:data': { 'f:b': {}, 'f:a': null, 'x:skip': {} } } });
    expect(JSON.stringify(track({ live, object: configMap({ a: '1' }, [sent]) })?.[0]?.fieldsV1)).toBe('{"f:data":{"f:a":{},"f:b":{}}}');
  });

  it.each<[string, Partial<Record<keyof ManagedFieldsEntry, unknown>>]>([
    ['operation', { operation: 'Patch' }],
    ['apiVersion', { apiVersion: '' }],
    ['fieldsType', { fieldsType: 'FieldsV2' }],
    ['fieldsV1', { fieldsV1: { bad: {} } }],
  ])('ignores entries with a bad %s', (_, bad) => {
    const live = configMap({ a: '1' }, [entry('other', ['a'])]);
    const object = configMap({ a: '1' }, [{ ...entry('new', ['a']), ...bad } as ManagedFieldsEntry]);
    expect(track({ live, object })).toEqual([entry('other', ['a'])]);
  });

  it('does not count fields that the endpoint resets', () => {
    const object: JsonObject = { metadata: {}, spec: { nodeName: 'x' }, status: { phase: 'Running' } };
    const resetFields = fieldSetOf(['status']);
    expect(track({ object, type: podType, resetFields })?.[0]?.fieldsV1).toEqual({ 'f:spec': { '.': {}, 'f:nodeName': {} } });
  });

  it('compares other versions by conversion and drops those not served', () => {
    const live = configMap({ a: '1' }, [entry('old', ['renamed'], { apiVersion: 'v0' }), entry('gone', ['a'], { apiVersion: 'v9' })]);
    const convert = (object: JsonObject) => ({ ...object, data: { renamed: (object.data as JsonObject).a as Json } });
    const otherVersion = (version: string) =>
      version === 'v0' ? { type: configMapType, convert, restore: (object: JsonObject) => object } : undefined;
    expect(track({ live, object: configMap({ a: '1' }), otherVersion })).toEqual([entry('old', ['renamed'], { apiVersion: 'v0' })]);
    expect(track({ live, object: configMap({ a: '2' }), otherVersion })).toEqual([entry('me', ['a'], { time: now })]);
  });

  it('owns as a whole what a schema has made atomic', () => {
    const nodeSelector = { 'f:spec': { 'f:nodeSelector': { '.': {}, 'f:a': {} } } };
    const managedFields = [entry('other', [], { fieldsV1: nodeSelector })] as unknown as Json;
    const live: JsonObject = { metadata: { uid: 'u', managedFields }, spec: { nodeSelector: { a: '1' } } };
    const object: JsonObject = { metadata: { uid: 'u' }, spec: { nodeSelector: { a: '1' } } };
    expect(track({ live, object, type: podType })?.[0]?.fieldsV1).toEqual({ 'f:spec': { 'f:nodeSelector': {} } });
  });

  it('collapses the oldest managers past ten', () => {
    const data = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, '1']));
    const entries = Array.from({ length: 10 }, (_, i) => entry(`m${i}`, [`k${i}`], { time: `2026-01-01T00:00:0${i}Z` }));
    const live = configMap({ ...data, k10: '0' }, entries);
    const tracked = track({ live, object: configMap(data) });
    expect(tracked).toEqual([
      entry('ancient-changes', ['k0', 'k1'], { time: '2026-01-01T00:00:01Z' }),
      ...entries.slice(2),
      entry('me', ['k10'], { time: now }),
    ]);
  });

  it('gives up tracking when list items cannot be told apart', () => {
    const managedFields = [entry('other', [], { fieldsV1: { 'f:spec': {} } })];
    const live: JsonObject = { metadata: { uid: 'u', managedFields: managedFields as unknown as Json }, spec: { containers: [] } };
    const object: JsonObject = { metadata: { uid: 'u' }, spec: { containers: ['x'] } };
    expect(track({ live, object, type: podType })).toBeUndefined();
  });

  it('knows an item that leaves its key out by an empty one', () => {
    const object: JsonObject = { metadata: {}, spec: { containers: [{ image: 'x' }] } };
    const [{ fieldsV1 } = {}] = track({ object, type: podType }) ?? [];
    expect(fieldsV1).toEqual({ 'f:spec': { '.': {}, 'f:containers': { '.': {}, 'k:{"name":""}': { '.': {}, 'f:image': {} } } } });
  });

  it('gives up tracking what is not as its schema says where nobody has judged it', () => {
    const object: JsonObject = { metadata: {}, spec: { containers: [{ name: 'a', image: 5 }] } };
    expect(track({ object, type: podType, unjudged: true })).toBeUndefined();
    expect(track({ object, type: podType })).toHaveLength(1);
  });

  it('changes neither object', () => {
    const live = configMap({ a: '1', b: '1' }, [entry('other', ['a', 'b'])]);
    const object = configMap({ a: '2' }, [entry('other', ['a', 'b'])]);
    const copies = structuredClone([live, object]);
    track({ live, object });
    expect([live, object]).toEqual(copies);
  });
});
