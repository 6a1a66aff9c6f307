import { describe, expect, it } from 'vitest';
import { problemsOf, statusProblemsOf } from '../testing/problems-of.js';
import { storageVersionMigrations } from './storage-version-migrations.js';

const spec = { resource: { group: 'apps', version: 'v1', resource: 'deployments' } };
const lastUpdateTime = '2024-01-01T00:00:00Z';

function condition(type: string, status = 'True', others: object = {}) {
  return { type, status, lastUpdateTime, reason: 'R', ...others };
}

/** As Kubernetes shows it. */
function shown(...types: string[]): string {
  return JSON.stringify(types.map((Type) => ({ Type, Status: 'True', LastUpdateTime: lastUpdateTime, Reason: 'R', Message: '' })));
}

function statusProblems(status: object, old: object = {}): string[] {
  return statusProblemsOf(storageVersionMigrations, { spec, status }, { spec, status: old });
}

describe('storage version migrations', () => {
  it('name a resource and its version, and keep them', () => {
    expect(problemsOf(storageVersionMigrations, { spec })).toEqual([]);
    expect(problemsOf(storageVersionMigrations, { spec: {} })).toEqual([
      'spec.resource.resource: Required value: resource is required',
      'spec.resource.version: Required value: version is required',
    ]);
    const other = { resource: { group: '', version: 'v2', resource: 'pods' } };
    expect(problemsOf(storageVersionMigrations, { spec: other }, { spec })).toEqual([
      'group: Invalid value: "": field is immutable',
      'version: Invalid value: "v2": field is immutable',
      'resource: Invalid value: "pods": field is immutable',
    ]);
  });

  it.each([
    [{}, {}],
    [{ resourceVersion: '7' }, {}],
    [{ conditions: [condition('Succeeded'), condition('Running', 'False')] }, {}],
  ])('take the status %j', (status, old) => expect(statusProblems(status, old)).toEqual([]));

  it.each([
    [
      { resourceVersion: 'x' },
      {},
      ['status.resourceVersion: Invalid value: "x": failed to parse resource version "x": strconv.ParseInt: parsing "x": invalid syntax'],
    ],
    [{ resourceVersion: '-1' }, {}, ['status.resourceVersion: Invalid value: -1: must be greater than or equal to 0']],
    [{ resourceVersion: '8' }, { resourceVersion: '7' }, ['status.resourceVersion: Invalid value: "8": cannot be updated']],
    [
      { conditions: [condition('Succeeded'), condition('Failed')] },
      {},
      [
        `status.conditions: Invalid value: ${shown('Succeeded', 'Failed')}: Both success and failed conditions cannot be true at the same time`,
      ],
    ],
    [
      { conditions: [condition('Running')] },
      { conditions: [condition('Succeeded')] },
      [`status.conditions: Invalid value: ${shown('Running')}: Success condition cannot be set to false once it is true`],
    ],
    [
      { conditions: [condition('Running', 'Maybe', { reason: '', lastUpdateTime: null })] },
      {},
      [
        'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
        'status.conditions[0].lastTransitionTime: Required value',
        'status.conditions[0].reason: Required value',
      ],
    ],
  ])('refuse the status %j after %j', (status, old, expected) => expect(statusProblems(status, old)).toEqual(expected));
});
