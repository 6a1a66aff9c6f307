import { ApiError, type Json, type JsonObject, type ManagedFieldsEntry, type Status } from '@keelson/machinery';
import { type FieldSchema, kinds, type TypeSchema } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { type ApplyOutcome, type ApplyRequest, apply } from './apply.js';

const now = '2026-01-02T00:00:00Z';
const earlier = '2026-01-01T00:00:00Z';

function field(name: string, rest: Partial<FieldSchema>): FieldSchema {
  return { name, cardinality: 'one', required: false, optional: true, patchStrategy: new Set(), listMapKeys: [], ...rest };
}

function struct(name: string, ...fields: FieldSchema[]): TypeSchema {
  return { name, fields: new Map(fields.map((f) => [f.name, f])) };
}

const item = struct('Item', field('k', { scalar: 'string' }), field('v', { scalar: 'string' }));
const free: TypeSchema = { name: 'Free', fields: new Map(), special: 'json' };
const spec = struct(
  'Spec',
  field('a', { scalar: 'string' }),
  field('s', { cardinality: 'list', scalar: 'string', listType: 'set' }),
  field('m', { cardinality: 'list', message: item, listType: 'map', listMapKeys: ['k'] }),
  field('at', { cardinality: 'list', scalar: 'string' }),
  field('gm', { cardinality: 'map', scalar: 'string' }),
  field('am', { cardinality: 'map', scalar: 'string', mapType: 'atomic' }),
  field('free', { message: free }),
  field('n', { scalar: 'int32' }),
  field('b', { scalar: 'bool' }),
);
const metadata = struct('Meta', field('name', { scalar: 'string' }), field('annotations', { cardinality: 'map', scalar: 'string' }));
const widget = struct('Widget', field('metadata', { message: metadata }), field('spec', { message: spec }));

function widgetWith(specFields: JsonObject): JsonObject {
  return { apiVersion: 'e/v1', kind: 'Widget', metadata: { name: 'w' }, spec: specFields };
}

function applyWidget(specFields: JsonObject, request: Partial<ApplyRequest> = {}): ApplyOutcome {
  return apply({
    kind: 'Widget',
    apiVersion: 'e/v1',
    type: widget,
    applied: widgetWith(specFields),
    manager: 'm1',
    force: false,
    now,
    ...request,
  });
}

/** The object as the next request finds it. */
function stored({ object, managedFields }: ApplyOutcome): JsonObject {
  return {
    ...object,
    metadata: { ...(object.metadata as JsonObject), ...(managedFields && { managedFields: managedFields as unknown as Json }) },
  };
}

function refusal(work: () => unknown): Status {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
  throw new Error('the apply was accepted');
}

function sets(outcome: ApplyOutcome): Record<string, unknown> {
  return Object.fromEntries((outcome.managedFields ?? []).map((entry) => [entry.manager, entry.fieldsV1]));
}

describe('apply', () => {
  it('owns what is named, and takes atomic values as wholes', () => {
    const outcome = applyWidget({
      s: ['x'],
      m: [{ k: 'a', v: '1' }],
      at: ['b'],
      gm: { g: '1' },
      am: { h: '1' },
      free: { deep: { x: [1] } },
    });
    expect(outcome.changed).toBe(true);
    expect(sets(outcome)).toEqual({
      m1: {
        'f:spec': {
          'f:am': {},
          'f:at': {},
          'f:free': { 'f:deep': { '.': {}, 'f:x': {} } },
          'f:gm': { 'f:g': {} },
          'f:m': { 'k:{"k":"a"}': { '.': {}, 'f:k': {}, 'f:v': {} } },
          'f:s': { 'v:"x"': {} },
        },
      },
    });
  });

  it('removes what is no longer named and nobody else owns', () => {
    const first = applyWidget({
      a: 'x',
      gm: { g: '1', h: '1' },
      m: [
        { k: 'a', v: '1' },
        { k: 'b', v: '1' },
      ],
    });
    const second = applyWidget({ gm: { g: '1' }, m: [{ k: 'b' }] }, { manager: 'm2', live: stored(first) });
    const third = applyWidget({ a: 'x' }, { live: stored(second) });
    expect(third.object.spec).toEqual({ a: 'x', gm: { g: '1' }, m: [{ k: 'b' }] });
    expect(sets(third)).toEqual({
      m1: { 'f:spec': { 'f:a': {} } },
      m2: { 'f:spec': { 'f:gm': { 'f:g': {} }, 'f:m': { 'k:{"k":"b"}': { '.': {}, 'f:k': {} } } } },
    });
  });

  it('gives up ownership without removing what others own', () => {
    const first = applyWidget({ a: 'x' });
    const second = applyWidget({ a: 'x', s: ['y'] }, { manager: 'm2', live: stored(first) });
    const third = applyWidget({}, { live: stored(second) });
    expect(third.object.spec).toEqual({ a: 'x', s: ['y'] });
    expect(sets(third)).toEqual({ m1: { 'f:spec': {} }, m2: { 'f:spec': { 'f:a': {}, 'f:s': { 'v:"y"': {} } } } });
  });

  it('keeps the order of the live list around the items applied', () => {
    const items = (...keys: string[]) => keys.map((k) => ({ k }));
    const live = widgetWith({ m: items('l1', 'a', 'l2', 'b', 'l3') });
    const order = (...keys: string[]) => (applyWidget({ m: items(...keys) }, { live }).object.spec as JsonObject).m;
    expect(order('b', 'a')).toEqual(items('l1', 'l2', 'b', 'l3', 'a'));
    expect(order('new', 'a', 'b', 'last')).toEqual(items('l1', 'new', 'a', 'l2', 'b', 'l3', 'last'));
  });

  it('lists every conflict', () => {
    const live = stored(applyWidget({ a: 'x', m: [{ k: 'a', v: '1' }], s: ['q'], am: { x: '1' } }));
    expect(refusal(() => applyWidget({ a: 'y' }, { live, manager: 'm2' }))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "m1": .spec.a',
      reason: 'Conflict',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.spec.a' }] },
      code: 409,
    });
    const many = refusal(() => applyWidget({ am: { x: '2' }, m: [{ k: 'a', v: '2' }], s: ['q'] }, { live, manager: 'm2' }));
    expect(many.message).toBe('Apply failed with 2 conflicts: conflicts with "m1":\n- .spec.am\n- .spec.m[k="a"].v');
  });

  it('takes fields by force', () => {
    const live = stored(applyWidget({ a: 'x', s: ['q'] }));
    const outcome = applyWidget({ a: 'y' }, { live, manager: 'm2', force: true });
    expect(outcome.object.spec).toEqual({ a: 'y', s: ['q'] });
    expect(sets(outcome)).toEqual({ m1: { 'f:spec': { 'f:s': { 'v:"q"': {} } } }, m2: { 'f:spec': { 'f:a': {} } } });
  });

  it('leaves times alone when nothing changes', () => {
    const first = applyWidget({ a: 'x' }, { now: earlier });
    const again = applyWidget({ a: 'x' }, { live: stored(first) });
    expect(again).toMatchObject({ changed: false, managedFields: first.managedFields });
    const second = applyWidget({ a: 'x' }, { live: stored(first), manager: 'm2' });
    expect(second.managedFields?.map(({ manager, time }) => [manager, time])).toEqual([
      ['m2', undefined],
      ['m1', earlier],
    ]);
  });

  it('records a manager for what is there before anyone applies', () => {
    const live = widgetWith({ a: 'x' });
    const conflict = refusal(() => applyWidget({ a: 'y' }, { live }));
    expect(conflict.message).toBe('Apply failed with 1 conflict: conflict with "before-first-apply" using e/v1: .spec.a');
  });

  it('lets kubectl take over what it applied from the client', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const lastApplied = (specFields: JsonObject) => `${JSON.stringify(widgetWith(specFields))}\n`;
    const client: ManagedFieldsEntry = {
      manager: 'kubectl-client-side-apply',
      operation: 'Update',
      apiVersion: 'e/v1',
      time: earlier,
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:a': {}, 'f:n': {} } },
    };
    const live = {
      ...widgetWith({ a: 'x', n: 2 }),
      metadata: { name: 'w', managedFields: [client] as unknown as Json, annotations: { [annotation]: lastApplied({ a: 'x', n: 1 }) } },
    };
    const outcome = applyWidget({ a: 'y' }, { live, manager: 'kubectl' });
    expect(outcome.object).toMatchObject({ metadata: { annotations: { [annotation]: lastApplied({ a: 'y' }) } }, spec: { a: 'y', n: 2 } });
    expect(refusal(() => applyWidget({ a: 'y', n: 3 }, { live, manager: 'kubectl' })).message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using e/v1: .spec.n',
    );
    expect(refusal(() => applyWidget({ a: 'y' }, { live, manager: 'other' })).code).toBe(409);
  });

  it('prunes what was applied through another version', () => {
    const swap = (from: string, to: string) => (object: JsonObject) => {
      const { [from]: value, ...rest } = (object.spec ?? {}) as JsonObject;
      return { ...object, spec: value === undefined ? rest : { ...rest, [to]: value } };
    };
    const old = struct(
      'OldWidget',
      field('metadata', { message: metadata }),
      field('spec', { message: struct('OldSpec', field('old', { scalar: 'string' }), field('n', { scalar: 'int32' })) }),
    );
    const otherVersion = (version: string) =>
      version === 'e/v0' ? { type: old, convert: swap('a', 'old'), restore: swap('old', 'a') } : undefined;
    const first = apply({
      kind: 'Widget',
      apiVersion: 'e/v0',
      type: old,
      applied: { ...widgetWith({ old: 'x' }), apiVersion: 'e/v0' },
      manager: 'm1',
      force: false,
      now: earlier,
    });
    const live = { ...swap('old', 'a')(stored(first)), apiVersion: 'e/v1' };
    expect(refusal(() => applyWidget({ a: 'y' }, { live, manager: 'm2', otherVersion })).message).toContain(
      'conflict with "m1": .spec.old',
    );
    const outcome = applyWidget({ n: 1 }, { live, otherVersion });
    expect(outcome.object.spec).toEqual({ n: 1 });
    expect(outcome.managedFields).toMatchObject([{ apiVersion: 'e/v1', fieldsV1: { 'f:spec': { 'f:n': {} } } }]);
  });

  describe('on what may be other than its schemas say', () => {
    const misfit = 'expected string, got &value.valueUnstructured{Value:1}';
    const same = (object: JsonObject) => object;
    const typed = (name: string, of: TypeSchema) => struct(name, field('metadata', { message: free }), field('spec', { message: of }));
    const type = typed('Whole', spec);
    const narrow = typed('Narrow', struct('None', field('n', { scalar: 'int32' })));
    const otherVersion = () => ({ type: narrow, convert: same, restore: same });
    const owned = (apiVersion: string, manager: string, fields: JsonObject): ManagedFieldsEntry => ({
      manager,
      operation: 'Apply',
      apiVersion,
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': fields },
    });
    const live = (specFields: JsonObject, ...managedFields: ManagedFieldsEntry[]) => ({
      ...widgetWith(specFields),
      metadata: { name: 'w', managedFields: managedFields as unknown as Json },
    });
    const refused = (request: Partial<ApplyRequest>) =>
      refusal(() => applyWidget({ b: true }, { type, unjudged: true, otherVersion, ...request })).message;

    it('tells what does not fit, whether somebody owns it or not', () => {
      expect(refused({ live: widgetWith({ a: 1 }) })).toBe(
        `failed to create manager for existing fields: failed to convert new object (/w; e/v1, Kind=Widget) to smd typed: .spec.a: ${misfit}`,
      );
      expect(refused({ live: live({ a: 1 }, owned('e/v1', 'm2', { 'f:a': {} })) })).toBe(
        `failed to create typed live object (/w; e/v1, Kind=Widget): .spec.a: ${misfit}`,
      );
    });

    it('tells what another version does not know', () => {
      expect(refused({ live: live({ a: 'x' }, owned('e/v2', 'm2', { 'f:n': {} })) })).toBe('.spec.a: field not declared in schema');
      expect(refused({ live: live({ n: 1 }, owned('e/v2', 'm1', { 'f:n': {} })) })).toBe(
        'failed to prune fields: failed to convert merged object to last applied version: .spec.b: field not declared in schema',
      );
      expect(refused({ live: live({ n: 1 }, owned('e/v2', 'm2', { 'f:n': {} })) })).toBe(
        'failed to convert new object: .spec.b: field not declared in schema',
      );
    });

    it('takes what is there twice', () => {
      expect(
        applyWidget({ b: true }, { type, unjudged: true, live: live({ s: ['x', 'x'] }, owned('e/v1', 'm2', { 'f:s': {} })) }).object.spec,
      ).toEqual({
        s: ['x', 'x'],
        b: true,
      });
    });
  });

  it.each<[string, JsonObject, string]>([
    ['an unknown field', { bogus: 1 }, '.spec.bogus: field not declared in schema'],
    ['a string that is a number', { a: 1 }, '.spec.a: expected string, got &value.valueUnstructured{Value:1}'],
    ['a list that is a string', { s: 'x' }, '.spec.s: expected list, got &{x}'],
    ['a map that is a list', { gm: [] }, '.spec.gm: expected map, got &{[]}'],
    ['a number that is a string', { n: '1' }, '.spec.n: expected numeric (int or float), got string'],
    ['a boolean that is a string', { b: 'true' }, '.spec.b: expected boolean, got &{true}'],
    ['an item twice', { m: [{ k: 'a' }, { k: 'a' }] }, '.spec.m: duplicate entries for key [k="a"]'],
    ['a member twice', { s: ['x', 'x'] }, '.spec.s: duplicate entries for key [="x"]'],
    [
      'an item without key',
      { m: [{ v: '1' }] },
      `.spec.m: element 0: associative list with keys has an element that omits all key fields ["k"] (and doesn't have default values for any key fields)`,
    ],
    [
      'two mistakes',
      { a: 1, s: 'x' },
      'errors:\n  .spec.a: expected string, got &value.valueUnstructured{Value:1}\n  .spec.s: expected list, got &{x}',
    ],
  ])('refuses %s', (_, specFields, problem) => {
    expect(refusal(() => applyWidget(specFields))).toMatchObject({
      code: 500,
      message: `failed to create typed patch object (/w; e/v1, Kind=Widget): ${problem}`,
    });
  });

  it('refuses other kinds and managedFields', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'w' } };
    expect(refusal(() => applyWidget({}, { applied: secret }))).toMatchObject({
      code: 400,
      message: 'invalid object type: /v1, Kind=Secret',
    });
    const managed = { ...widgetWith({}), metadata: { name: 'w', managedFields: [] } };
    expect(refusal(() => applyWidget({}, { applied: managed }))).toMatchObject({
      code: 400,
      message: 'metadata.managedFields must be nil',
    });
  });

  it('treats __proto__ as data', () => {
    const free = JSON.parse('{"__proto__": {"polluted": true}, "constructor": "c"}') as JsonObject;
    const first = applyWidget({ free });
    expect(JSON.stringify(first.object.spec)).toBe('{"free":{"__proto__":{"polluted":true},"constructor":"c"}}');
    const second = applyWidget({ free: { a: 1 } }, { live: stored(first) });
    expect(second.object.spec).toEqual({ free: { a: 1 } });
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('changes neither object', () => {
    const live = stored(applyWidget({ a: 'x', m: [{ k: 'a', v: '1' }] }));
    const applied = widgetWith({ m: [{ k: 'b', v: '1' }] });
    const copies = structuredClone([live, applied]);
    applyWidget({}, { live, applied });
    expect([live, applied]).toEqual(copies);
  });

  it('knows built-in kinds', () => {
    const containers = [{ name: 'a', ports: [{ containerPort: 80 }] }];
    const outcome = applyWorkload('Deployment', { template: { spec: { containers } } });
    const port = { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } };
    const container = { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:ports': port } };
    expect(sets(outcome)).toEqual({ m: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': container } } } } });
  });

  it('lets embedded objects tell their kind', () => {
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } };
    const spec = { volumeClaimTemplates: [claim] };
    const outcome = applyWorkload('StatefulSet', spec);
    expect(outcome.object.spec).toEqual(spec);
    expect(sets(outcome)).toEqual({ m: { 'f:spec': { 'f:volumeClaimTemplates': {} } } });
    const misspelt = () => applyWorkload('StatefulSet', { volumeClaimTemplates: [{ ...claim, Kind: 'x' }] });
    expect(refusal(misspelt).message).toContain('.spec.volumeClaimTemplates[0].Kind: field not declared in schema');
  });
});

function applyWorkload(kind: string, spec: JsonObject): ApplyOutcome {
  return apply({
    kind,
    apiVersion: 'apps/v1',
    type: kinds.find('apps', 'v1', kind)?.type as TypeSchema,
    applied: { apiVersion: 'apps/v1', kind, metadata: { name: 'w' }, spec },
    manager: 'm',
    force: false,
    now,
  });
}
