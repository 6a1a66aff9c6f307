import { expect, it } from 'vitest';
import { formatGroupKind, formatGroupResource, formatGroupVersion, parseGroupVersion } from './group-version.js';

it('reads and prints apiVersion', () => {
  expect(parseGroupVersion('apps/v1')).toEqual({ group: 'apps', version: 'v1' });
  expect(parseGroupVersion('v1')).toEqual({ group: '', version: 'v1' });
  expect(parseGroupVersion('a/b/c')).toBeUndefined();
  expect(formatGroupVersion({ group: 'apps', version: 'v1' })).toBe('apps/v1');
  expect(formatGroupVersion({ group: '', version: 'v1' })).toBe('v1');
});

it('prints kinds and resources as messages name them', () => {
  expect(formatGroupKind({ group: 'apps', kind: 'Deployment' })).toBe('Deployment.apps');
  expect(formatGroupKind({ group: '', kind: 'Pod' })).toBe('Pod');
  expect(formatGroupResource({ group: 'apps', resource: 'deployments' })).toBe('deployments.apps');
  expect(formatGroupResource({ group: '', resource: 'pods' })).toBe('pods');
});
