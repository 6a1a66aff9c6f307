import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { negative } from './format-messages.js';

const hard = 'spec.hard';

function scopeRule(rule: string, accepted: readonly string[], refused: readonly string[], ...details: readonly string[]): Rule {
  const shown = JSON.stringify(refused);
  return fieldRule(rule, 'spec.scopes', accepted, refused, ...details.map((detail) => `Invalid value: ${shown}: ${detail}`));
}

const expressions = 'spec.scopeSelector.matchExpressions';
const selectorRule = (rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule => ({
  rule,
  accepted: { [expressions]: [accepted] },
  refused: { [expressions]: [refused] },
  errors: problems.map((problem) => `${expressions}${problem}`),
});
const onlyExists =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, " +
  'ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';

const selectorRules: readonly Rule[] = [
  selectorRule(
    'a scope that is selected is known',
    { scopeName: 'CrossNamespacePodAffinity', operator: 'Exists' },
    { scopeName: 'Odd', operator: 'Exists' },
    '.scopeName: Invalid value: "Odd": unsupported scope',
  ),
  selectorRule(
    'a scope that is selected is about what is counted',
    { scopeName: 'PriorityClass', operator: 'Exists' },
    { scopeName: 'VolumeAttributesClass', operator: 'Exists' },
    ': Invalid value: {"MatchExpressions":[{"ScopeName":"VolumeAttributesClass","Operator":"Exists","Values":null}]}: ' +
      'unsupported scope applied to resource',
  ),
  selectorRule(
    'what pods are in or not is only selected',
    { scopeName: 'BestEffort', operator: 'Exists' },
    { scopeName: 'BestEffort', operator: 'DoesNotExist' },
    `.operator: Invalid value: "DoesNotExist": ${onlyExists}`,
  ),
  selectorRule(
    'classes are named',
    { scopeName: 'PriorityClass', operator: 'In', values: ['a'] },
    { scopeName: 'PriorityClass', operator: 'NotIn' },
    ".values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
  ),
  selectorRule(
    'where any class will do none is named',
    { scopeName: 'PriorityClass', operator: 'DoesNotExist' },
    { scopeName: 'PriorityClass', operator: 'Exists', values: ['a'] },
    ".values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
  ),
  selectorRule(
    'a selector of scopes has a known operator',
    { scopeName: 'PriorityClass', operator: 'Exists' },
    { scopeName: 'PriorityClass', operator: 'Like' },
    '.operator: Invalid value: "Like": not a valid selector operator',
  ),
  {
    rule: 'scopes that are selected do not contradict each other',
    accepted: {
      [expressions]: [
        { scopeName: 'Terminating', operator: 'Exists' },
        { scopeName: 'BestEffort', operator: 'Exists' },
      ],
    },
    refused: {
      [expressions]: [
        { scopeName: 'Terminating', operator: 'Exists' },
        { scopeName: 'NotTerminating', operator: 'Exists' },
      ],
    },
    errors: [`${expressions}: Invalid value: null: conflicting scopes`],
  },
];

const statusRules: readonly Rule[] = (['hard', 'used'] as const).flatMap((part): Rule[] => [
  {
    rule: `what is ${part} has a standard or qualified name`,
    on: 'update/status',
    accepted: { [`status.${part}`]: { 'a.b/c': '1' } },
    refused: { [`status.${part}`]: { a: '1' } },
    errors: [
      `status.${part}[a]: Invalid value: "a": must be a standard resource type or fully qualified`,
      `status.${part}[a]: Invalid value: "a": must be a standard resource for quota`,
    ],
  },
  {
    rule: `what is ${part} is counted, and no less than nothing`,
    on: 'update/status',
    accepted: { [`status.${part}`]: { pods: '0', cpu: '1500m' } },
    refused: { [`status.${part}`]: { pods: '-1500m' } },
    errors: [
      `status.${part}[pods]: Invalid value: "-1500m": ${negative}`,
      `status.${part}[pods]: Invalid value: "-1500m": must be an integer`,
    ],
  },
]);

export const quotas: RulesOfKind = {
  // Not where the pods of other rules are: these would be charged.
  collection: '/api/v1/namespaces/quota-rules/resourcequotas',
  kind: 'ResourceQuota',
  given: [{ collection: '/api/v1/namespaces', object: { metadata: { name: 'quota-rules' } } }],
  example: { spec: { hard: { pods: '1000' } } },
  rules: [
    {
      rule: 'what is limited is standard or qualified',
      accepted: { [hard]: { 'example.com/a': '1' } },
      refused: { [hard]: { a: '1' } },
      errors: [
        'spec.hard[a]: Invalid value: "a": must be a standard resource type or fully qualified',
        'spec.hard[a]: Invalid value: "a": must be a standard resource for quota',
      ],
    },
    {
      rule: 'limits are not negative',
      accepted: { [hard]: { pods: '0' } },
      refused: { [hard]: { pods: '-1' } },
      errors: [`spec.hard[pods]: Invalid value: "-1": ${negative}`],
    },
    {
      rule: 'what is counted is whole',
      accepted: { [hard]: { cpu: '500m' } },
      refused: { [hard]: { pods: '500m' } },
      errors: ['spec.hard[pods]: Invalid value: "500m": must be an integer'],
    },
    scopeRule('scopes are known', ['Terminating'], ['Odd'], 'unsupported scope'),
    scopeRule(
      'scopes do not contradict each other',
      ['Terminating', 'NotBestEffort'],
      ['Terminating', 'NotTerminating'],
      'conflicting scopes',
    ),
    {
      rule: 'scopes are about what is counted',
      accepted: { 'spec.scopes': ['BestEffort'] },
      refused: { [hard]: { cpu: '1' }, 'spec.scopes': ['BestEffort'] },
      errors: ['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
    },
    ...selectorRules,
    ...statusRules,
    {
      rule: 'scopes are not taken away',
      on: 'update',
      before: { 'spec.scopes': ['BestEffort'] },
      accepted: { 'metadata.labels': { a: 'b' } },
      refused: { 'spec.scopes': [] },
      errors: ['spec.scopes: Invalid value: []: field is immutable'],
    },
    {
      rule: 'scopes stay',
      on: 'update',
      accepted: { [hard]: { pods: '2000' } },
      refused: { 'spec.scopes': ['BestEffort'] },
      errors: ['spec.scopes: Invalid value: ["BestEffort"]: field is immutable'],
    },
  ],
};

const limits = { pods: '1', 'requests.cpu': '1', 'limits.memory': '1Gi', 'services.nodeports': '0' };
/** No controller runs beside the server, so somebody else measures the quota. */
const measured = { hard: limits, used: Object.fromEntries(Object.keys(limits).map((name) => [name, '0'])) };

const charged = (plural: string, rule: string, accepted: object, refused: object, why: string): Rule => ({
  rule,
  accepted: { ...accepted },
  refused: { ...refused },
  errors: [],
  refusal: { code: 403, reason: 'Forbidden', message: `${plural} "{name}" is forbidden: ${why}` },
});
const resources = (requested: string, most: string) => ({
  'spec.containers[0].resources': { requests: { cpu: requested }, limits: { memory: most } },
});

/** Pods of a namespace that has a quota. */
export const chargedPods: RulesOfKind = {
  collection: '/api/v1/namespaces/charged/pods',
  kind: 'Pod',
  given: [
    { collection: '/api/v1/namespaces', object: { metadata: { name: 'charged' } } },
    {
      collection: '/api/v1/namespaces/charged/resourcequotas',
      object: { metadata: { name: 'all' }, spec: { hard: limits }, status: measured },
    },
  ],
  example: { spec: { containers: [{ name: 'main', image: 'a' }] } },
  rules: [
    charged(
      'pods',
      'no more is asked for than there is',
      resources('1', '1Gi'),
      resources('2', '1Gi'),
      'exceeded quota: all, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1',
    ),
    charged(
      'pods',
      'all that is too much is told',
      resources('1', '1Gi'),
      resources('1500m', '2Gi'),
      'exceeded quota: all, requested: limits.memory=2Gi,requests.cpu=1500m, used: limits.memory=0,requests.cpu=0, ' +
        'limited: limits.memory=1Gi,requests.cpu=1',
    ),
    charged(
      'pods',
      'who is charged says for what',
      resources('1', '1Gi'),
      {},
      'failed quota: all: must specify limits.memory for: main; requests.cpu for: main',
    ),
    charged(
      'pods',
      'each container says for what it is charged',
      {
        'spec.containers': ['a', 'b'].map((name) => ({
          name,
          image: 'a',
          resources: { requests: { cpu: '100m' }, limits: { memory: '1Mi' } },
        })),
      },
      { 'spec.containers': ['b', 'a'].map((name) => ({ name, image: 'a', resources: { limits: { memory: '1Mi' } } })) },
      'failed quota: all: must specify requests.cpu for: a,b',
    ),
  ],
};

/** Services of the same namespace. */
export const chargedServices: RulesOfKind = {
  collection: '/api/v1/namespaces/charged/services',
  kind: 'Service',
  example: { spec: { ports: [{ port: 80 }] } },
  rules: [
    charged(
      'services',
      'ports of nodes are charged',
      {},
      { 'spec.type': 'NodePort' },
      'exceeded quota: all, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
    ),
  ],
};
