import { apps } from '@keelson/schema';
import { expect, it } from 'vitest';
import { statefulSets } from './stateful-sets.js';
import { validateStatefulSet } from './stateful-sets-validation.js';

type StatefulSet = apps.v1.StatefulSet;

function statefulSet(spec: object = {}): StatefulSet {
  const set = apps.v1.StatefulSet.codec.fromJson({
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      ...spec,
    },
  } as never);
  statefulSets.definition.defaults?.(set);
  return set;
}

it('fills what its author leaves out', () => {
  const { template: _template, ...spec } = statefulSet().spec;
  expect(spec).toEqual({
    serviceName: 'db',
    selector: { matchLabels: { a: 'b' } },
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  });
});

it('leaves a strategy that its author names without details as it is', () => {
  expect(statefulSet({ updateStrategy: { type: 'RollingUpdate' } }).spec.updateStrategy).toEqual({ type: 'RollingUpdate' });
});

it('may change in some fields only', () => {
  const old = statefulSet();
  expect(validateStatefulSet(statefulSet({ replicas: 3, minReadySeconds: 5, revisionHistoryLimit: 2 }), old)).toEqual([]);
  expect(validateStatefulSet(statefulSet({ serviceName: 'other' }), old).map(String)).toEqual([
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
      "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ]);
});

it('is governed by a service with a name, and makes claims that will do', () => {
  const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i', volumeMounts }] } };
  expect(validateStatefulSet(statefulSet({ template, volumeClaimTemplates: [claim] }), undefined)).toEqual([]);
  const wrong = statefulSet({ template, serviceName: 'a.b', volumeClaimTemplates: [{ ...claim, spec: { ...claim.spec, resources: {} } }] });
  expect(validateStatefulSet(wrong, undefined).map(String)).toEqual([
    'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
    'spec.serviceName: Invalid value: "a.b": must not contain dots',
  ]);
});

it('mounts only what it claims', () => {
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i', volumeMounts }] } };
  expect(validateStatefulSet(statefulSet({ template }), undefined).map(String)).toEqual([
    'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ]);
});
