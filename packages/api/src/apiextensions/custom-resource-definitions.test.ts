import type { Json } from '@keelson/machinery';
import { apiextensions } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { expect, it } from 'vitest';
import { customResourceDefinitions } from './custom-resource-definitions.js';
import { defaultBetaDefinition, defaultDefinition } from './definition-defaults.js';

type Definition = apiextensions.v1.CustomResourceDefinition;

const context = { now: '2025-01-01T00:00:00Z' } as WriteContext;
const { prepareForCreate, prepareForUpdate, onDeletionStart, holdsDeletion } = customResourceDefinitions.definition;

function definition(storage: string, ...others: string[]): Definition {
  const versions = [storage, ...others].map((name) => ({ name, served: true, storage: name === storage }));
  return apiextensions.v1.CustomResourceDefinition.codec.fromJson({
    metadata: { name: 'widgets.example.com', generation: 3 },
    spec: { group: 'example.com', names: { plural: 'widgets', kind: 'Widget' }, scope: 'Cluster', versions } as Json,
  });
}

it('fills in names, conversion and the storage version', () => {
  const given = definition('v1');
  defaultDefinition(given);
  expect(given.spec.names).toEqual({ plural: 'widgets', kind: 'Widget', singular: 'widget', listKind: 'WidgetList' });
  expect(given.spec.conversion).toEqual({ strategy: 'None' });
  expect(given.status.storedVersions).toEqual(['v1']);
});

it('fills in more of what v1beta1 may leave out', () => {
  const given = apiextensions.v1beta1.CustomResourceDefinition.codec.fromJson({
    metadata: {},
    spec: { group: 'example.com', version: 'v1', names: { plural: 'widgets', kind: 'Widget' }, conversion: { strategy: 'Webhook' } },
  });
  defaultBetaDefinition(given);
  expect(given.spec).toMatchObject({
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true }],
    conversion: { strategy: 'Webhook', conversionReviewVersions: ['v1beta1'] },
    preserveUnknownFields: true,
  });
});

it('remembers every version that objects may be stored in', () => {
  const given = definition('v2', 'v1');
  prepareForCreate?.(given, context);
  expect(given.status).toEqual({ conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v2'] });
  const next = definition('v1', 'v2');
  next.status = structuredClone(given.status);
  prepareForUpdate?.(next, given, context);
  expect(next.status.storedVersions).toEqual(['v2', 'v1']);
});

it('announces its end before it ends', () => {
  const given = definition('v1');
  expect(holdsDeletion?.(given)).toBe(true);
  // As a deletion is begun: this counts as a change, and as graceful.
  Object.assign(given.metadata, { deletionTimestamp: context.now, deletionGracePeriodSeconds: 0, generation: 4 });
  onDeletionStart?.(given);
  expect(given.metadata).toEqual({
    name: 'widgets.example.com',
    generation: 3,
    deletionTimestamp: context.now,
    finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
  });
  expect(given.status.conditions).toMatchObject([{ type: 'Terminating', status: 'True', reason: 'InstanceDeletionPending' }]);
  expect(holdsDeletion?.(given)).toBe(false);
});
