import type { RulesOfKind } from '../../rule.js';
import { countsOfStatus, notNegative, partsOfReplicas, replicasOfStatus } from '../count-rules.js';
import { fixedSelector, selector, template, workloadRules } from './workload-rules.js';

export const replicaSets: RulesOfKind = {
  collection: '/apis/apps/v1/namespaces/default/replicasets',
  kind: 'ReplicaSet.apps',
  example: { spec: { replicas: 0, selector, template } },
  rules: [
    notNegative('spec.replicas'),
    notNegative('spec.minReadySeconds'),
    ...workloadRules({ ofSelector: 'deployment', ofTemplate: 'ReplicaSet' }),
    fixedSelector,
    ...countsOfStatus('fullyLabeledReplicas', 'observedGeneration'),
    ...replicasOfStatus('fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'),
    ...partsOfReplicas('fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'),
    {
      rule: 'what is available is ready',
      on: 'update/status',
      accepted: { 'status.replicas': 2, 'status.readyReplicas': 1, 'status.availableReplicas': 1 },
      refused: { 'status.replicas': 2, 'status.readyReplicas': 1, 'status.availableReplicas': 2 },
      errors: ['status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas'],
    },
  ],
};
