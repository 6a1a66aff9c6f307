import type { RulesOfKind } from '../../rule.js';
import { replicationControllers } from '../core/replication-controllers.js';
import { notNegative } from '../count-rules.js';
import { deployments } from './deployments.js';
import { replicaSets } from './replica-sets.js';
import { statefulSets } from './stateful-sets.js';

/** Rules about the scale of workloads, each kind of them. */
export const scales: readonly RulesOfKind[] = [deployments, replicaSets, replicationControllers, statefulSets].map(
  ({ kind, collection, example }) => ({
    collection,
    kind: 'Scale.autoscaling',
    example,
    rules: [notNegative('spec.replicas', { rule: `a scale of ${kind} is not negative`, on: 'update/scale' })],
  }),
);
