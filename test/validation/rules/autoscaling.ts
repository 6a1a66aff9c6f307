import type { Rule, RulesOfKind } from '../rule.js';
import { countsOfStatus } from './count-rules.js';
import { fieldRule } from './field-rule.js';
import { unsupported } from './format-messages.js';

const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
const target = 'spec.scaleTargetRef';
const first = 'spec.metrics[0]';
const cpuTarget = `${first}.resource.target`;
const sources = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const average = { type: 'AverageValue', averageValue: '1' };
const metric = { name: 'requests' };

const pods = { type: 'Pods', pods: { metric, target: average } };
const object = {
  type: 'Object',
  object: { describedObject: { apiVersion: 'a.io/v1', kind: 'A', name: 'a' }, metric, target: { type: 'Value', value: '1' } },
};
const external = { type: 'External', external: { metric, target: average } };
const container = { type: 'ContainerResource', containerResource: { ...cpu.resource, container: 'main' } };

/** What a metric may be; each is the only one. */
function metricRule(
  rule: string,
  example: object,
  change: string,
  accepted: unknown,
  refused: unknown,
  ...errors: readonly string[]
): Rule {
  return {
    rule,
    accepted: { [first]: example, [`${first}.${change}`]: accepted },
    refused: { [first]: example, [`${first}.${change}`]: refused },
    errors: errors.map((error) => `${first}.${error}`),
  };
}

const boundRules: Rule[] = [
  {
    rule: 'there is a pod at least',
    accepted: { 'spec.minReplicas': 1 },
    refused: { 'spec.minReplicas': 0 },
    errors: [
      'spec.minReplicas: Invalid value: 0: must be greater than or equal to 1',
      'spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas',
    ],
  },
  {
    rule: 'there may be a pod',
    accepted: { 'spec.maxReplicas': 1 },
    refused: { 'spec.maxReplicas': 0 },
    errors: [
      'spec.maxReplicas: Invalid value: 0: must be greater than 0',
      'spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`',
    ],
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
];

const targetRules: Rule[] = [
  fieldRule('what is scaled has a kind', `${target}.kind`, 'ReplicaSet', '', 'Required value'),
  fieldRule('the kind is a part of a path', `${target}.kind`, 'A b', 'a/b', 'Invalid value: "a/b": may not contain \'/\''),
  fieldRule('what is scaled has a name', `${target}.name`, 'Web.1', '', 'Required value'),
  fieldRule('the name is a part of a path', `${target}.name`, 'a.', '.', 'Invalid value: ".": may not be \'.\''),
  fieldRule(
    'the version of what is scaled is one of a group',
    `${target}.apiVersion`,
    'a.io/v1',
    'v1',
    'Invalid value: "v1": apiVersion must specify API group',
  ),
  fieldRule(
    'the version of what is scaled has a group and a version',
    `${target}.apiVersion`,
    'a.io/v1',
    'a/b/c',
    'Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
  ),
];

const sourceRules: Rule[] = [
  {
    rule: 'a metric has a type',
    accepted: { [first]: pods },
    refused: { [`${first}.type`]: '' },
    errors: [
      `${first}.type: Required value: must specify a metric source type`,
      `${first}.type: ${unsupported('', ...sources)}`,
      `${first}.type: ${unsupported('', ...sources)}`,
    ],
  },
  {
    rule: 'the type of a metric is one that there is',
    accepted: { [first]: object },
    refused: { [`${first}.type`]: 'Mood' },
    errors: Array(2).fill(`${first}.type: ${unsupported('Mood', ...sources)}`),
  },
  {
    rule: 'a metric has the source of its type',
    accepted: { [first]: external },
    refused: { [first]: { type: 'Pods' } },
    errors: [`${first}.pods: Required value: must populate information for the given metric source`],
  },
  {
    rule: 'a metric has no other source',
    accepted: { [first]: container },
    refused: { [first]: { ...cpu, pods: pods.pods } },
    errors: [`${first}.pods: Forbidden: must populate the given metric source only`],
  },
];

const metricRules: Rule[] = [
  ...['', 'Half'].map((type) =>
    fieldRule(
      `a target is of a type that there is, not ${JSON.stringify(type)}`,
      `${cpuTarget}.type`,
      'AverageValue',
      type,
      ...(type === '' ? ['Required value: must specify a metric target type'] : []),
      `Invalid value: ${JSON.stringify(type)}: must be either Utilization, Value, or AverageValue`,
    ),
  ),
  fieldRule('a utilization is positive', `${cpuTarget}.averageUtilization`, 1, 0, 'Invalid value: 0: must be greater than 0'),
  metricRule('a value is positive', object, 'object.target.value', '1m', '0', 'object.target.value: Invalid value: "0": must be positive'),
  metricRule(
    'an average value is positive',
    pods,
    'pods.target.averageValue',
    '1m',
    '-1',
    'pods.target.averageValue: Invalid value: "-1": must be positive',
  ),
  fieldRule('a resource has a name', `${first}.resource.name`, 'memory', '', 'Required value: must specify a resource name'),
  {
    rule: 'a resource has a target',
    accepted: { [cpuTarget]: average },
    refused: { [cpuTarget]: { type: 'Utilization' } },
    errors: [`${cpuTarget}.averageUtilization: Required value: must set either a target raw value or a target utilization`],
  },
  {
    rule: 'a resource has one target',
    accepted: { [cpuTarget]: average },
    refused: { [cpuTarget]: { ...average, averageUtilization: 1 } },
    errors: [`${cpuTarget}.averageValue: Forbidden: may not set both a target raw value and a target utilization`],
  },
  metricRule(
    'the resource is that of a container',
    container,
    'containerResource.container',
    'a',
    '',
    'containerResource.container: Required value: must specify a container',
  ),
  metricRule(
    'the resource of a container is one that it has',
    container,
    'containerResource.name',
    'a.io/gpu',
    'gpu',
    'containerResource.name: Invalid value: "gpu": must be a standard resource type or fully qualified',
    'containerResource.name: Invalid value: "gpu": must be a standard resource for containers',
  ),
  metricRule('a metric has a name', pods, 'pods.metric.name', 'a', '', 'pods.metric.name: Required value: must specify a metric name'),
  metricRule(
    'the name of a metric is a part of a path',
    external,
    'external.metric.name',
    'a b',
    'a/b',
    'external.metric.name: Invalid value: "a/b": may not contain \'/\'',
  ),
  metricRule(
    'pods have an average',
    pods,
    'pods.target',
    average,
    { type: 'Value', value: '1' },
    'pods.target.averageValue: Required value: must specify a positive target averageValue',
  ),
  metricRule(
    'an object has a target',
    object,
    'object.target',
    average,
    { type: 'Value' },
    'object.target.averageValue: Required value: must set either a target value or averageValue',
  ),
  metricRule('an object is of a kind', object, 'object.describedObject.kind', 'B', '', 'object.describedObject.kind: Required value'),
  metricRule(
    'what is outside has a target',
    external,
    'external.target',
    { type: 'Value', value: '1' },
    { type: 'Value' },
    'external.target.averageValue: Required value: must set either a target value for metric or a per-pod target',
  ),
  metricRule(
    'what is outside has one target',
    external,
    'external.target',
    average,
    { ...average, value: '1' },
    'external.target.value: Forbidden: may not set both a target value for metric and a per-pod target',
  ),
];

const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }];

/** What may be said of scaling up, and down. */
function behaviorRule(rule: string, field: string, accepted: unknown, refused: unknown, ...problems: readonly string[]): Rule {
  const change = (value: unknown) =>
    Object.fromEntries(
      ['scaleUp', 'scaleDown'].flatMap((way) => [
        [`spec.behavior.${way}`, { policies }],
        [`spec.behavior.${way}.${field}`, value],
      ]),
    );
  return {
    rule,
    accepted: change(accepted),
    refused: change(refused),
    errors: ['scaleUp', 'scaleDown'].flatMap((way) => problems.map((problem) => `spec.behavior.${way}.${field}: ${problem}`)),
  };
}

const behaviorRules: Rule[] = [
  behaviorRule(
    'the policy that counts is one that there is',
    'selectPolicy',
    'Disabled',
    'Mean',
    unsupported('Mean', 'Disabled', 'Max', 'Min'),
  ),
  behaviorRule(
    'scaling looks back an hour at most',
    'stabilizationWindowSeconds',
    3600,
    3601,
    'Invalid value: 3601: must be less than or equal to 3600',
  ),
  behaviorRule(
    'scaling looks back, not ahead',
    'stabilizationWindowSeconds',
    0,
    -1,
    'Invalid value: -1: must be greater than or equal to zero',
  ),
  behaviorRule('policies are not none', 'policies', null, [], 'Required value: must specify at least one Policy'),
  behaviorRule('a policy is of a type that there is', 'policies[0].type', 'Percent', 'Nodes', unsupported('Nodes', 'Percent', 'Pods')),
  behaviorRule('a policy scales', 'policies[0].value', 1, 0, 'Invalid value: 0: must be greater than zero'),
  behaviorRule('a policy takes some time', 'policies[0].periodSeconds', 1, 0, 'Invalid value: 0: must be greater than zero'),
  behaviorRule(
    'a policy takes half an hour at most',
    'policies[0].periodSeconds',
    1800,
    1801,
    'Invalid value: 1801: must be less than or equal to 1800',
  ),
];

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
    ...boundRules,
    ...targetRules,
    ...sourceRules,
    ...metricRules,
    ...behaviorRules,
    ...countsOfStatus('currentReplicas', 'desiredReplicas'),
  ],
};
