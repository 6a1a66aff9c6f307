import { core } from '@keelson/schema';
import { expect, it } from 'vitest';
import { namespaces } from './namespaces.js';

const { definition } = namespaces;
const nothing = undefined as never;

function namespace(json: object = {}): core.v1.Namespace {
  return core.v1.Namespace.codec.fromJson({ metadata: { name: 'n' }, ...json } as never);
}

it('begins active, with a finalizer and a label of its name', () => {
  const given = namespace({ metadata: { name: 'n', labels: { 'kubernetes.io/metadata.name': 'other' } }, spec: { finalizers: ['a/b'] } });
  definition.defaults?.(given);
  definition.prepareForCreate?.(given, nothing);
  expect(given).toEqual({
    metadata: { name: 'n', labels: { 'kubernetes.io/metadata.name': 'n' } },
    spec: { finalizers: ['a/b', 'kubernetes'] },
    status: { phase: 'Active' },
  });
});

it('is held by its contents', () => {
  const given = namespace({ spec: { finalizers: ['kubernetes'] } });
  expect(definition.holdsDeletion?.(given)).toBe(true);
  definition.onDeletionStart?.(given);
  expect(given.status.phase).toBe('Terminating');
  expect(definition.holdsDeletion?.(namespace())).toBe(false);
});

it('takes only finalizers that are standard or qualified', () => {
  const { finalize } = definition.subresources ?? {};
  const errors =
    finalize?.type === 'part' ? finalize.validate?.(namespace({ spec: { finalizers: ['bad', 'a/b'] } }), namespace(), nothing) : [];
  expect(errors?.map(String)).toEqual([
    'spec.finalizers[0]: Invalid value: "bad": name is neither a standard finalizer name nor is it fully qualified',
  ]);
});

it('is terminating exactly when it is being deleted', () => {
  const { status } = definition.subresources ?? {};
  const check = (given: core.v1.Namespace) => (status?.type === 'part' ? status.validate?.(given, given, nothing)?.map(String) : []);
  expect(check(namespace({ status: { phase: 'Terminating' } }))).toEqual([
    'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
  ]);
  expect(check(namespace({ status: { phase: 'Active' } }))).toEqual([]);
});
