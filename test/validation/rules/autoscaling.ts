import type { RulesOfKind } from '../rule.js';

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };

export const horizontalPodAutoscalers: RulesOfKind = {
  collection: '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler.autoscaling',
  example: {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [cpu],
    },
  },
  rules: [
    {
      rule: 'what is scaled has a kind',
      accepted: { 'spec.scaleTargetRef.kind': 'ReplicaSet' },
      refused: { 'spec.scaleTargetRef.kind': '' },
      errors: ['spec.scaleTargetRef.kind: Required value'],
    },
    {
      rule: 'what is scaled has a name',
      accepted: { 'spec.scaleTargetRef.name': 'Web.1' },
      refused: { 'spec.scaleTargetRef.name': '' },
      errors: ['spec.scaleTargetRef.name: Required value'],
    },
    {
      rule: 'maxReplicas is at least minReplicas',
      accepted: { 'spec.minReplicas': 5 },
      refused: { 'spec.minReplicas': 6 },
      errors: ['spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`'],
    },
    {
      rule: 'a changed one keeps to the same rules',
      on: 'update',
      before: { 'spec.minReplicas': 2 },
      accepted: { 'spec.maxReplicas': 2 },
      refused: { 'spec.maxReplicas': 1 },
      errors: ['spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`'],
    },
  ],
};
