import type { Rule, RulesOfKind } from '../../rule.js';
import { template, templateRules } from '../apps/workload-rules.js';
import { countsOfStatus, notNegative, partsOfReplicas, replicasOfStatus } from '../count-rules.js';
import { negative } from '../format-messages.js';

const refusedReplicas = `spec.replicas: Invalid value: -1: ${negative}`;

const changeRules: Rule[] = [
  {
    rule: 'the selector may change, as long as the template has its labels',
    on: 'update',
    before: { 'spec.template.metadata.labels.tier': 'x' },
    accepted: { 'spec.selector': { tier: 'x' } },
    refused: { 'spec.selector': { tier: 'y' } },
    errors: Array(2).fill(
      'spec.template.metadata.labels: Invalid value: {"app":"a","tier":"x"}: `selector` does not match template `labels`',
    ),
  },
  // What is changed is looked at twice.
  notNegative('spec.replicas', { rule: 'changed replicas are not negative', on: 'update', errors: [refusedReplicas, refusedReplicas] }),
];

export const replicationControllers: RulesOfKind = {
  collection: '/api/v1/namespaces/default/replicationcontrollers',
  kind: 'ReplicationController',
  example: { spec: { replicas: 0, selector: { app: 'a' }, template } },
  rules: [
    notNegative('spec.replicas'),
    notNegative('spec.minReadySeconds'),
    {
      rule: 'there is a selector, that of the labels of the template at least',
      accepted: { 'spec.selector': undefined },
      refused: { 'spec.selector': undefined, 'spec.template.metadata.labels': undefined },
      errors: ['spec.selector: Required value'],
    },
    {
      rule: 'there is a template',
      accepted: {},
      refused: { 'spec.template': undefined },
      errors: ['spec.template: Required value'],
    },
    ...templateRules('ReplicationController'),
    ...changeRules,
    ...countsOfStatus('fullyLabeledReplicas', 'availableReplicas', 'observedGeneration'),
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
