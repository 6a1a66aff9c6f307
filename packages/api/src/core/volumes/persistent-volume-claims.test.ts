import { core } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { problemsOf, statusProblemsOf } from '../../testing/problems-of.js';
import { persistentVolumeClaims } from './persistent-volume-claims.js';

const basics = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };

const problems = (spec: object) => problemsOf(persistentVolumeClaims, { spec: { ...basics, ...spec } });

it.each<[object, string[]]>([
  [{ storageClassName: '', volumeMode: 'Block', dataSource: snapshot, dataSourceRef: snapshot, volumeAttributesClassName: 'a' }, []],
  [{ accessModes: null }, ['spec.accessModes: Required value: at least 1 access mode is required']],
  [{ resources: {} }, ['spec.resources[storage]: Required value']],
  [{ resources: { requests: { storage: '0' } } }, ['spec.resources[storage]: Invalid value: "0": must be greater than zero']],
  [{ volumeMode: 'Tape' }, ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"']],
  [
    { dataSource: { kind: 'X', name: '' } },
    [
      'spec.dataSource.name: Required value',
      `spec.dataSource: Invalid value: "X": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
    ],
  ],
  [{ dataSource: snapshot, dataSourceRef: { ...snapshot, name: 't' } }, ['spec: Invalid value: {}: must match dataSourceRef']],
  [
    { dataSource: snapshot, dataSourceRef: { ...snapshot, namespace: 'ns' } },
    ['spec: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified'],
  ],
])('%j has the problems %j', (spec, expected) => {
  expect(problems(spec)).toEqual(expected);
});

describe('an update', () => {
  const bound = {
    spec: { ...basics, volumeName: 'v', volumeAttributesClassName: 'a' },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  };
  const change = (spec: object, old: { spec: object } = bound) =>
    problemsOf(persistentVolumeClaims, { ...old, spec: { ...old.spec, ...spec } }, old);

  it('may let a bound claim grow and take another attributes class', () => {
    expect(change({ resources: { requests: { storage: '2Gi' } }, volumeAttributesClassName: 'b' })).toEqual([]);
  });

  it('may bind a claim, and fill in its class', () => {
    expect(change({ volumeName: 'v', storageClassName: 'c' }, { spec: basics })).toEqual([]);
  });

  it('may not let a claim shrink below its volume', () => {
    expect(change({ resources: { requests: { storage: '1Mi' } } })).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    ]);
  });

  it('may not change what else is wanted, and shows the change', () => {
    expect(change({ resources: { requests: { storage: '2Gi' } } }, { spec: basics })).toEqual([
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n' +
        '@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n+   "storage": "2Gi"\n   }\n  },\n  "VolumeName": "",\n',
    ]);
  });

  it('may give the attributes class up until the volume has taken it', () => {
    const taken = { ...bound, status: { ...bound.status, currentVolumeAttributesClassName: 'a' } };
    const refused = (what: string) => [
      `spec.volumeAttributesClassName: Forbidden: update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`,
    ];
    for (const name of [undefined, '']) expect(change({ volumeAttributesClassName: name })).toEqual([]);
    expect(change({ volumeAttributesClassName: undefined }, taken)).toEqual(refused('nil'));
    expect(change({ volumeAttributesClassName: '' }, taken)).toEqual(refused('empty string'));
  });

  it('may not change the class where that is an annotation', () => {
    const annotated = (name: string) => ({
      metadata: { name: 'n', annotations: { 'volume.beta.kubernetes.io/storage-class': name } },
      spec: basics,
    });
    expect(problemsOf(persistentVolumeClaims, annotated('b'), annotated('a'))).toEqual([
      'metadata.annotations.volume.beta.kubernetes.io/storage-class: Invalid value: "b": field is immutable',
    ]);
  });
});

it.each<[object, string[]]>([
  [
    { capacity: { storage: '1Gi' }, allocatedResources: { storage: '1Gi' }, allocatedResourceStatuses: { storage: 'NodeResizePending' } },
    [],
  ],
  [{ capacity: { storage: '-1' } }, ['status.capacity[storage]: Invalid value: -1: must be a valid resource quantity']],
  [{ allocatedResources: { cpu: '1' } }, ['status.allocatedResources: Unsupported value: "cpu": supported values: "storage"']],
  [
    { allocatedResourceStatuses: { storage: 'x' } },
    [
      'status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", ' +
        '"NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
    ],
  ],
])('the status %j has the problems %j', (status, expected) => {
  expect(statusProblemsOf(persistentVolumeClaims, { spec: basics, status }, { spec: basics })).toEqual(expected);
});

describe('sources of data', () => {
  const prepared = (spec: object) => {
    const claim = core.v1.PersistentVolumeClaim.codec.fromJson({ metadata: { name: 'n' }, spec: { ...basics, ...spec } } as never);
    persistentVolumeClaims.definition.prepareForCreate?.(claim, {} as never);
    return { dataSource: claim.spec.dataSource, dataSourceRef: claim.spec.dataSourceRef };
  };

  it('fill in each other', () => {
    expect(prepared({ dataSource: snapshot })).toEqual({ dataSource: snapshot, dataSourceRef: snapshot });
    expect(prepared({ dataSourceRef: snapshot })).toEqual({ dataSource: snapshot, dataSourceRef: snapshot });
  });

  it('are dropped where the older field names what only the newer one may', () => {
    expect(prepared({ dataSource: { apiGroup: 'example.com', kind: 'X', name: 'x' } })).toEqual({});
  });

  it('of another namespace stay in the newer field alone', () => {
    const dataSourceRef = { ...snapshot, namespace: 'other' };
    expect(prepared({ dataSourceRef })).toEqual({ dataSourceRef });
  });
});
