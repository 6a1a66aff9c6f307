import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { unsupported } from './format-messages.js';

const rule = 'spec.rules[0]';
const all = ['*'];

/** What the server says of a schema, or of a priority level. */
const conditionRules: readonly Rule[] = [
  {
    rule: 'a condition has a type',
    on: 'update/status',
    accepted: { 'status.conditions': [{ type: 'a b', status: 'Any' }] },
    refused: { 'status.conditions': [{ type: '', status: 'True' }] },
    errors: ['status.conditions[0].type: Required value'],
  },
  {
    rule: 'there is one condition of a type',
    on: 'update/status',
    accepted: { 'status.conditions': [{ type: 'A' }, { type: 'B' }] },
    refused: { 'status.conditions': [{ type: 'A' }, { type: 'A' }] },
    errors: ['status.conditions[1].type: Duplicate value: "A"'],
  },
];

export const flowSchemas: RulesOfKind = {
  collection: '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
  kind: 'FlowSchema.flowcontrol.apiserver.k8s.io',
  example: {
    spec: {
      matchingPrecedence: 500,
      priorityLevelConfiguration: { name: 'global-default' },
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'a' } }],
          resourceRules: [{ verbs: all, apiGroups: all, resources: all, namespaces: all }],
          nonResourceRules: [{ verbs: all, nonResourceURLs: all }],
        },
      ],
    },
  },
  rules: [
    ...conditionRules,
    fieldRule('precedence is positive', 'spec.matchingPrecedence', 2, -1, 'Invalid value: -1: must be a positive value'),
    fieldRule('precedence has a limit', 'spec.matchingPrecedence', 10000, 10001, 'Invalid value: 10001: must not be greater than 10000'),
    fieldRule(
      'only exempt comes first',
      'spec.matchingPrecedence',
      2,
      1,
      "Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
    ),
    fieldRule(
      'there is a priority level',
      'spec.priorityLevelConfiguration.name',
      'a',
      '',
      'Required value: must reference a priority level',
    ),
    {
      rule: 'flows are told apart in a known way',
      accepted: { 'spec.distinguisherMethod': { type: 'ByUser' } },
      refused: { 'spec.distinguisherMethod': { type: 'ByTime' } },
      errors: ['spec.distinguisherMethod.type: Unsupported value: {"Type":"ByTime"}: supported values: "ByNamespace", "ByUser"'],
    },
    fieldRule(
      'a rule has subjects',
      `${rule}.subjects`,
      [{ kind: 'Group', group: { name: 'a' } }],
      [],
      'Required value: subjects must contain at least one value',
    ),
    {
      rule: 'a subject has a known kind',
      accepted: { [`${rule}.subjects[0]`]: { kind: 'ServiceAccount', serviceAccount: { namespace: 'a', name: '*' } } },
      refused: { [`${rule}.subjects[0].kind`]: 'Anyone' },
      errors: [`${rule}.subjects[0].kind: ${unsupported('Anyone', 'Group', 'ServiceAccount', 'User')}`],
    },
    fieldRule('a rule has verbs', `${rule}.resourceRules[0].verbs`, ['get'], [], 'Required value: verbs must contain at least one value'),
    fieldRule(
      'all verbs are no more than all',
      `${rule}.resourceRules[0].verbs`,
      all,
      ['*', 'get'],
      `Invalid value: ["*","get"]: if '*' is present, must not specify other verbs`,
    ),
    fieldRule(
      'a rule has groups',
      `${rule}.resourceRules[0].apiGroups`,
      [''],
      [],
      'Required value: resource rules must supply at least one api group',
    ),
    fieldRule(
      'a rule has resources',
      `${rule}.resourceRules[0].resources`,
      ['pods'],
      [],
      'Required value: resource rules must supply at least one resource',
    ),
    fieldRule(
      'a rule is about namespaces or the cluster',
      `${rule}.resourceRules[0].namespaces`,
      ['a'],
      [],
      'Required value: resource rules that are not cluster scoped must supply at least one namespace',
    ),
    fieldRule(
      'a rule has URLs',
      `${rule}.nonResourceRules[0].nonResourceURLs`,
      ['/a/*', '/'],
      [],
      'Required value: nonResourceURLs must contain at least one value',
    ),
  ],
};

const limited = 'spec.limited';
const queuing = `${limited}.limitResponse.queuing`;

export const priorityLevels: RulesOfKind = {
  collection: '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations',
  kind: 'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io',
  example: {
    spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 } } } },
  },
  rules: [
    ...conditionRules,
    {
      rule: 'a level is limited by something',
      accepted: { [limited]: { limitResponse: { type: 'Reject' } } },
      refused: { [limited]: undefined },
      errors: ['spec.limited: Required value: must not be empty when type is Limited'],
    },
    fieldRule('shares are not negative', `${limited}.nominalConcurrencyShares`, 0, -1, 'Invalid value: -1: must be a non-negative integer'),
    fieldRule(
      'no more than all is lent',
      `${limited}.lendablePercent`,
      100,
      101,
      'Invalid value: 101: must be between 0 and 100, inclusive',
    ),
    {
      rule: 'a limit is met in a known way',
      accepted: { [`${limited}.limitResponse`]: { type: 'Reject' } },
      refused: { [`${limited}.limitResponse`]: { type: 'Wait' } },
      errors: [`${limited}.limitResponse.type: ${unsupported('Wait', 'Queue', 'Reject')}`],
    },
    fieldRule('queues have a length', `${queuing}.queueLengthLimit`, 1, -1, 'Invalid value: -1: must be positive'),
    {
      rule: 'queues are not without number',
      before: { [`${queuing}.handSize`]: 1 },
      accepted: { [`${queuing}.queues`]: 10000000 },
      refused: { [`${queuing}.queues`]: 10000001 },
      errors: [`${queuing}.queues: Invalid value: 10000001: must not be greater than 10000000`],
    },
    fieldRule('a hand is positive', `${queuing}.handSize`, 1, -1, 'Invalid value: -1: must be positive'),
    {
      rule: 'a hand is no more than the queues',
      accepted: { [`${queuing}.queues`]: 6 },
      refused: { [`${queuing}.queues`]: 5 },
      errors: [`${queuing}.handSize: Invalid value: 6: should not be greater than queues (5)`],
    },
  ],
};
