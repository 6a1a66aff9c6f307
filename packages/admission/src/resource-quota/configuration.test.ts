import type { Json } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { readLimitedResources } from './configuration.js';

const limitedResources: Json = [
  { apiGroup: 'apps', resource: 'deployments', matchContains: ['count/'] },
  { resource: 'pods', matchScopes: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
];

describe('the configuration', () => {
  it.each([
    ['apiserver.config.k8s.io/v1', 'ResourceQuotaConfiguration'],
    ['resourcequota.admission.k8s.io/v1beta1', 'Configuration'],
    ['resourcequota.admission.k8s.io/v1alpha1', 'Configuration'],
  ])('is read as %s %s', (apiVersion, kind) => {
    const read = readLimitedResources({ apiVersion, kind, limitedResources });
    expect(read.map(({ matchScopes, ...rest }) => [rest, matchScopes.map(({ requirement }) => requirement)])).toEqual([
      [{ resource: 'deployments.apps', matchContains: ['count/'] }, []],
      [{ resource: 'pods', matchContains: [] }, [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }]],
    ]);
  });

  it('limits nothing when there is none', () => {
    expect(readLimitedResources(undefined)).toEqual([]);
  });

  it.each<[Json, string]>([
    [
      { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'ResourceQuotaConfiguration', limitedResources: [{ apiGroup: 'apps' }] },
      'limitedResources[0].resource: Required value',
    ],
    [
      { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'ResourceQuotaConfiguration', limited: [] },
      'strict decoding error: unknown field "limited"',
    ],
    [{ apiVersion: 'v1', kind: 'Configuration' }, 'no kind "Configuration" is registered for version "v1"'],
  ])('%j is refused', (given, message) => {
    expect(() => readLimitedResources(given)).toThrow(new Error(message));
  });
});
