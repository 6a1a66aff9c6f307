import type { ObjectMeta } from '@keelson/machinery';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { s } from '../schema/s.js';
import type { Infer } from '../schema/schema.js';
import { defineResource, type ObjectType } from './extension-resource.js';

// The compiler checks this file: what is wrong in it and expected to be is no error, what is right must be none.

const spec = s.object({
  reference: s.string().optional(),
  size: s.int32().default(1),
  color: s.enum('red', 'green'),
  ports: s.list(s.object({ name: s.string(), port: s.intOrString() })).default([]),
  weights: s.map(s.number()).optional(),
  note: s.string().nullable(),
});
const status = s.object({ ready: s.boolean() });
const common = { group: 'example.com', version: 'v1', kind: 'Thing', scope: 'Namespaced' } as const;

describe('types of objects', () => {
  it('follow from their schema', () => {
    expectTypeOf<Infer<typeof spec>>().branded.toEqualTypeOf<{
      reference?: string;
      size: number;
      color: 'red' | 'green';
      ports: { name: string; port: string | number }[];
      weights?: Record<string, number>;
      note: string | null;
    }>();
    const things = defineResource({ ...common, spec, status });
    expectTypeOf<ObjectType<typeof things>['spec']['color']>().toEqualTypeOf<'red' | 'green'>();
    expectTypeOf<ObjectType<typeof things>['status']>().branded.toEqualTypeOf<{ ready: boolean } | undefined>();
    expectTypeOf<ObjectType<typeof things>['metadata']>().toEqualTypeOf<ObjectMeta>();
    expect(things.versions).toEqual(['v1']);
  });

  it('have no spec where there is none', () => {
    const readings = defineResource({
      ...common,
      fields: { value: s.number() },
      columns: {
        Value: (one) => one.value,
        // @ts-expect-error there is no spec
        Spec: (one) => one.spec,
      },
    });
    expectTypeOf<ObjectType<typeof readings>['value']>().toEqualTypeOf<number>();
  });
});

describe('a wrong field does not compile', () => {
  it('in validation, defaults and columns', () => {
    defineResource({
      ...common,
      spec,
      // @ts-expect-error there is no such field
      validate: (thing, { path }) => (thing.spec.sise > 1 ? [path('spec', 'size').required()] : []),
    });
    defineResource({
      ...common,
      spec,
      defaults(thing) {
        // @ts-expect-error a number
        thing.spec.size = 'large';
        // @ts-expect-error neither red nor green
        thing.spec.color = 'blue';
      },
    });
    defineResource({
      ...common,
      spec,
      status,
      columns: {
        // @ts-expect-error it may not be there
        Ready: (thing) => thing.status.ready,
      },
    });
  });

  it('in hooks and sources', () => {
    defineResource({
      ...common,
      spec,
      admission: {
        mutate(thing, { old }) {
          // @ts-expect-error there is no such field
          thing.spec.colour = old?.spec.color;
        },
      },
    });
    defineResource({
      ...common,
      fields: { value: s.number() },
      // @ts-expect-error a number
      source: { list: () => [{ metadata: { name: 'a' }, value: 'one' }] },
    });
  });

  it('in conversions', () => {
    const things = defineResource({ ...common, spec: s.object({ size: s.int32() }) });
    things.withVersion('v1alpha1', {
      spec: s.object({ length: s.int32() }),
      // @ts-expect-error what is converted has a length
      toMain: (old) => ({ spec: { size: old.spec.size } }),
      fromMain: (now) => ({ spec: { length: now.spec.size } }),
    });
    things.withVersion('v1alpha1', {
      spec: s.object({ length: s.int32() }),
      toMain: (old) => ({ spec: { size: old.spec.length } }),
      // @ts-expect-error a number
      fromMain: (now) => ({ spec: { length: String(now.spec.size) } }),
    });
  });

  it('in subresources', () => {
    const things = defineResource({ ...common, spec: s.object({ size: s.int32() }) });
    things.withAction('grow', {
      kind: 'ThingGrowth',
      spec: s.object({ by: s.int32() }),
      async run(growth, { update }) {
        await update((thing) => {
          thing.spec.size += growth.spec.by;
          // @ts-expect-error there is no such field
          thing.spec.height = 1;
        });
        // @ts-expect-error there is no such field
        return growth.spec.amount;
      },
    });
    things.withConnect('log', {
      // @ts-expect-error there is no such field
      handle: async ({ get }) => new Response(String((await get()).spec.length)),
    });
  });

  it('in schemas', () => {
    // @ts-expect-error a number
    s.int32().default('1');
    // @ts-expect-error items have no such field
    s.list(s.object({ name: s.string() })).mapBy('port');
    expect(s.string().optional().presence).toBe('optional');
  });
});
