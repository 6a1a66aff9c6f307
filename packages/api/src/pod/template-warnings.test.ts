import type { KubeObject } from '@keelson/machinery';
import type { Resource } from '@keelson/server';
import { expect, it } from 'vitest';
import { daemonSets } from '../apps/daemon-sets.js';
import { deployments } from '../apps/deployments.js';
import { replicaSets } from '../apps/replica-sets.js';
import { statefulSets } from '../apps/stateful-sets.js';
import { cronJobs } from '../batch/cron-jobs.js';
import { jobs } from '../batch/jobs.js';
import { replicationControllers } from '../core/replication-controllers.js';

const template = { metadata: {}, spec: { containers: [], nodeSelector: { 'beta.kubernetes.io/os': 'linux' } } };
const owners: [Resource, string, object][] = [
  ...[daemonSets, deployments, replicaSets, statefulSets, jobs, replicationControllers].map((resource): [Resource, string, object] => [
    resource,
    'spec.template',
    { template },
  ]),
  [cronJobs, 'spec.jobTemplate.spec.template', { schedule: '@daily', jobTemplate: { spec: { template } } }],
];

const named = owners.map(([resource, place, spec]) => [resource.resource, resource.definition, place, spec] as const);

it.each(named)('warns of the pods of %s when they are made and when they are changed', (_, definition, place, spec) => {
  // Daemon sets count the changes of their template on their own.
  const owner = (generation: number) => {
    const annotations = { 'deprecated.daemonset.template.generation': String(generation) };
    return { metadata: { name: 'n', generation, annotations }, spec } as KubeObject;
  };
  const warning = `${place}.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead`;
  expect(definition.warnings?.(owner(1), undefined)).toEqual([warning]);
  expect(definition.warnings?.(owner(2), owner(1))).toEqual([warning]);
  expect(definition.warnings?.(owner(2), owner(2))).toEqual([]);
});
