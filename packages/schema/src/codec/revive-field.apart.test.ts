import { expect, it } from 'vitest';
import { core, typeSchema } from '../index.js';
import { awaitsInitializers } from '../wire/metadata-peek.js';
import { reviveField } from './revive-field.js';

// In this order: what is compiled stays as it is.
it('has a field again that is gone', () => {
  reviveField('meta.v1.ObjectMeta', 'initializers');
  const { codec } = core.v1.ConfigMap;
  const metadata = { name: 'a', initializers: { pending: [{ name: 'a.b.c' }] } };
  const message = Buffer.from(codec.encode({ metadata }));
  expect(codec.fromJson({ metadata })).toEqual({ metadata });
  expect(codec.decode(message)).toEqual({ metadata });
  expect(codec.toJson(message).toString()).toBe('{"metadata":{"name":"a","initializers":{"pending":[{"name":"a.b.c"}]}}}');
  expect(typeSchema('meta.v1.ObjectMeta').fields.has('initializers')).toBe(true);
  expect([awaitsInitializers(message), awaitsInitializers(Buffer.from(codec.encode({ metadata: { name: 'a' } })))]).toEqual([true, false]);
  reviveField('meta.v1.ObjectMeta', 'initializers');
});

it('cannot change what is in use, nor make fields up', () => {
  expect(() => reviveField('meta.v1.ObjectMeta', 'clusterName')).toThrow('meta.v1.ObjectMeta is in use without clusterName');
  expect(() => reviveField('meta.v1.ObjectMeta', 'colour')).toThrow('meta.v1.ObjectMeta has never had a field colour');
});
