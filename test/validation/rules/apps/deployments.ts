import type { Rule, RulesOfKind } from '../../rule.js';
import { countsOfStatus, notNegative, notPercent, partsOfReplicas, replicasOfStatus } from '../count-rules.js';
import { negative } from '../format-messages.js';
import { fixedSelector, growingCollisions, selector, template, workloadRules } from './workload-rules.js';

const rolling = 'spec.strategy.rollingUpdate';

const strategyRules: Rule[] = [
  {
    rule: 'the strategy is one that there is',
    accepted: { 'spec.strategy': { type: 'Recreate' } },
    refused: { 'spec.strategy': { type: 'BlueGreen' } },
    errors: ['spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'],
  },
  {
    rule: 'who recreates does not roll',
    accepted: { 'spec.strategy': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    refused: { 'spec.strategy': { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } },
    errors: [`${rolling}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`],
  },
  ...['maxUnavailable', 'maxSurge'].flatMap((field): Rule[] => [
    {
      rule: `${field} as a number is not negative`,
      accepted: { [rolling]: { maxUnavailable: 1, maxSurge: 1, [field]: 0 } },
      refused: { [rolling]: { maxUnavailable: 1, maxSurge: 1, [field]: -1 } },
      errors: [`${rolling}.${field}: Invalid value: -1: ${negative}`],
    },
    {
      rule: `${field} as a text is a percentage`,
      accepted: { [rolling]: { [field]: '25%' } },
      refused: { [rolling]: { [field]: '25' } },
      errors: [`${rolling}.${field}: Invalid value: "25": ${notPercent}`],
    },
  ]),
  {
    rule: 'no more than all pods are unavailable',
    accepted: { [rolling]: { maxUnavailable: '100%' } },
    refused: { [rolling]: { maxUnavailable: '101%' } },
    errors: [`${rolling}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`],
  },
  {
    rule: 'there is room for a pod to be replaced',
    accepted: { [rolling]: { maxUnavailable: 0, maxSurge: '150%' } },
    refused: { [rolling]: { maxUnavailable: 0, maxSurge: '0%' } },
    errors: [`${rolling}.maxUnavailable: Invalid value: 0: may not be 0 when \`maxSurge\` is 0`],
  },
];

export const deployments: RulesOfKind = {
  collection: '/apis/apps/v1/namespaces/default/deployments',
  kind: 'Deployment.apps',
  example: { spec: { replicas: 0, selector, template } },
  rules: [
    notNegative('spec.replicas'),
    notNegative('spec.minReadySeconds'),
    notNegative('spec.revisionHistoryLimit'),
    ...workloadRules({ ofSelector: 'deployment', ofTemplate: 'ReplicaSet' }),
    ...strategyRules,
    {
      rule: 'progress takes longer than being ready',
      accepted: { 'spec.progressDeadlineSeconds': 61, 'spec.minReadySeconds': 60 },
      refused: { 'spec.progressDeadlineSeconds': 60, 'spec.minReadySeconds': 60 },
      errors: ['spec.progressDeadlineSeconds: Invalid value: 60: must be greater than minReadySeconds'],
    },
    {
      rule: 'the deadline of progress is not negative',
      accepted: { 'spec.progressDeadlineSeconds': 1 },
      refused: { 'spec.progressDeadlineSeconds': -1 },
      errors: [
        `spec.progressDeadlineSeconds: Invalid value: -1: ${negative}`,
        'spec.progressDeadlineSeconds: Invalid value: -1: must be greater than minReadySeconds',
      ],
    },
    fixedSelector,
    notNegative('spec.replicas', { rule: 'spec.replicas is not negative when changed either', on: 'update' }),
    ...countsOfStatus('observedGeneration', 'updatedReplicas', 'unavailableReplicas', 'collisionCount'),
    ...replicasOfStatus('updatedReplicas', 'readyReplicas', 'availableReplicas'),
    ...partsOfReplicas('updatedReplicas', 'readyReplicas', 'availableReplicas'),
    {
      rule: 'what is available is ready',
      on: 'update/status',
      accepted: { 'status.replicas': 2, 'status.readyReplicas': 1, 'status.availableReplicas': 1 },
      refused: { 'status.replicas': 2, 'status.readyReplicas': 1, 'status.availableReplicas': 2 },
      errors: ['status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas'],
    },
    growingCollisions,
  ],
};
