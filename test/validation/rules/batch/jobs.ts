import type { Rule, RulesOfKind } from '../../rule.js';
import { notNegative } from '../count-rules.js';
import { fieldRule } from '../field-rule.js';
import { unsupported } from '../format-messages.js';
import { jobStatusRules } from './job-status-rules.js';
import { jobSuccessRules } from './job-success-rules.js';
import { podFailureRules } from './pod-failure-rules.js';
import { shownTemplate } from './shown-template.js';

const immutable = 'field is immutable';
const indexed = { 'spec.completionMode': 'Indexed', 'spec.completions': 5 };
const restartPath = 'spec.template.spec.restartPolicy';

const specRules: Rule[] = [
  ...['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'].map((field) =>
    notNegative(`spec.${field}`),
  ),
  notNegative('spec.backoffLimitPerIndex', {
    accepted: { ...indexed, 'spec.backoffLimitPerIndex': 0 },
    refused: { ...indexed, 'spec.backoffLimitPerIndex': -1 },
  }),
  notNegative('spec.maxFailedIndexes', {
    accepted: { ...indexed, 'spec.backoffLimitPerIndex': 0, 'spec.maxFailedIndexes': 0 },
    refused: { ...indexed, 'spec.backoffLimitPerIndex': 0, 'spec.maxFailedIndexes': -1 },
  }),
  fieldRule('pods are not restarted for ever', restartPath, 'OnFailure', 'Always', 'Required value: valid values: "OnFailure", "Never"'),
  fieldRule(
    'the restart policy is one that there is',
    restartPath,
    'Never',
    'Sometimes',
    unsupported('Sometimes', 'Always', 'OnFailure', 'Never'),
    unsupported('Sometimes', 'OnFailure', 'Never'),
  ),
  fieldRule(
    'pods are replaced at a time that there is',
    'spec.podReplacementPolicy',
    'Failed',
    'Never',
    unsupported('Never', 'Failed', 'TerminatingOrFailed'),
  ),
  fieldRule(
    'who runs the job has a name with a domain',
    'spec.managedBy',
    'a.io/b',
    'b',
    'Invalid value: "b": must be a domain-prefixed path (such as "acme.io/foo")',
  ),
  fieldRule(
    'the name of who runs the job has no more than 63 bytes',
    'spec.managedBy',
    `a.io/${'b'.repeat(58)}`,
    `a.io/${'b'.repeat(59)}`,
    'Too long: may not be more than 63 bytes',
  ),
];

const indexRules: Rule[] = [
  {
    rule: 'the completion mode is one that there is',
    accepted: indexed,
    refused: { 'spec.completionMode': 'Half' },
    errors: [`spec.completionMode: ${unsupported('Half', 'NonIndexed', 'Indexed')}`],
  },
  {
    rule: 'who has indexes says how many',
    accepted: indexed,
    refused: { 'spec.completionMode': 'Indexed', 'spec.parallelism': 2 },
    errors: ['spec.completions: Required value: when completion mode is Indexed'],
  },
  {
    rule: 'no more than 100000 indexes run at once',
    accepted: { ...indexed, 'spec.parallelism': 100_000 },
    refused: { ...indexed, 'spec.parallelism': 100_001 },
    errors: ['spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed'],
  },
  ...['backoffLimitPerIndex', 'maxFailedIndexes'].map(
    (field): Rule => ({
      rule: `${field} needs indexes`,
      accepted: { ...indexed, 'spec.backoffLimitPerIndex': 1, [`spec.${field}`]: 1 },
      refused: { 'spec.backoffLimitPerIndex': 1, [`spec.${field}`]: 1 },
      errors: [...new Set(['backoffLimitPerIndex', field])].map((one) => `spec.${one}: Invalid value: 1: requires indexed completion mode`),
    }),
  ),
  {
    rule: 'indexes fail when failures are counted by index',
    accepted: { ...indexed, 'spec.backoffLimitPerIndex': 0, 'spec.maxFailedIndexes': 1 },
    refused: { ...indexed, 'spec.maxFailedIndexes': 1 },
    errors: ['spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified'],
  },
  {
    rule: 'no more than all indexes fail',
    accepted: { ...indexed, 'spec.backoffLimitPerIndex': 0, 'spec.maxFailedIndexes': 5 },
    refused: { ...indexed, 'spec.backoffLimitPerIndex': 0, 'spec.maxFailedIndexes': 6 },
    errors: ['spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions'],
  },
  {
    rule: 'who has many indexes says how many may fail',
    accepted: { ...indexed, 'spec.completions': 100_000, 'spec.backoffLimitPerIndex': 0 },
    refused: { ...indexed, 'spec.completions': 100_001, 'spec.backoffLimitPerIndex': 0 },
    errors: ['spec.maxFailedIndexes: Required value: must be specified when completions is above 100000'],
  },
  {
    rule: 'of many indexes no more than 10000 fail or run',
    accepted: {
      ...indexed,
      'spec.completions': 100_001,
      'spec.backoffLimitPerIndex': 0,
      'spec.maxFailedIndexes': 10_000,
      'spec.parallelism': 10_000,
    },
    refused: {
      ...indexed,
      'spec.completions': 100_001,
      'spec.backoffLimitPerIndex': 0,
      'spec.maxFailedIndexes': 10_001,
      'spec.parallelism': 10_001,
    },
    errors: ['parallelism', 'maxFailedIndexes'].map(
      (field) =>
        `spec.${field}: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index`,
    ),
  },
  {
    rule: 'the name and the last index are a label',
    accepted: { ...indexed, 'metadata.name': 'a'.repeat(61) },
    refused: { ...indexed, 'metadata.name': 'a'.repeat(62) },
    errors: [`metadata.name: Invalid value: "${'a'.repeat(62)}": will not able to create pod with invalid DNS label: ${'a'.repeat(62)}-4`],
  },
];

const selectorRules: Rule[] = [
  {
    rule: 'the selector that a job is given finds its pods',
    accepted: { 'spec.selector.matchExpressions': [{ key: 'job-name', operator: 'Exists' }], 'metadata.name': 'found' },
    refused: { 'spec.selector.matchLabels.app': 'a', 'spec.template.metadata.labels.app': 'a' },
    errors: [
      'spec.selector: Invalid value: {"matchLabels":{"app":"a","batch.kubernetes.io/controller-uid":"{uid}"}}: `selector` not auto-generated',
    ],
  },
  {
    rule: 'pods keep the labels that they are given',
    accepted: { 'spec.template.metadata.labels.job-name': 'labelled', 'metadata.name': 'labelled' },
    refused: { 'spec.template.metadata.labels.job-name': 'other', 'metadata.name': 'labelled' },
    errors: [
      'spec.template.metadata.labels[job-name]: Invalid value: {"batch.kubernetes.io/controller-uid":"{uid}",' +
        '"batch.kubernetes.io/job-name":"labelled","controller-uid":"{uid}","job-name":"other"}: must be \'labelled\'',
    ],
  },
  {
    rule: 'who makes a selector makes one',
    accepted: { 'spec.manualSelector': true, 'spec.selector.matchLabels.a': 'b', 'spec.template.metadata.labels.a': 'b' },
    refused: { 'spec.manualSelector': true, 'spec.template.metadata.labels.a': 'b' },
    errors: [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`',
    ],
  },
  {
    rule: 'who makes a selector makes one of the labels of the template',
    accepted: { 'spec.manualSelector': true, 'spec.selector.matchLabels.a': 'b', 'spec.template.metadata.labels.a': 'b' },
    refused: { 'spec.manualSelector': true, 'spec.selector.matchLabels.a': 'b', 'spec.template.metadata.labels.a': 'c' },
    errors: ['spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`'],
  },
];

const manual = { 'spec.manualSelector': true, 'spec.selector.matchLabels.a': 'b', 'spec.template.metadata.labels.a': 'b' };
const policy = { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }] };

/** What is said of the template of the example, changed. */
function changedTemplate(change: object): string {
  return `spec.template: Invalid value: ${shownTemplate(change)}: ${immutable}`;
}

/** What may become of a job. */
function changeRule(rule: string, before: object, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  return { rule, on: 'update', before: { ...before }, accepted: { ...accepted }, refused: { ...refused }, errors };
}

const changeRules: Rule[] = [
  changeRule(
    'the selector does not change',
    { ...manual, 'spec.template.metadata.labels.c': 'd' },
    { 'spec.parallelism': 3 },
    { 'spec.selector.matchLabels.c': 'd' },
    `spec.selector: Invalid value: {"matchLabels":{"a":"b","c":"d"}}: ${immutable}`,
  ),
  changeRule(
    'a job does not get or lose indexes',
    { 'spec.completions': 5 },
    { 'spec.backoffLimit': 1 },
    { 'spec.completionMode': 'Indexed' },
    `spec.completionMode: Invalid value: "Indexed": ${immutable}`,
  ),
  changeRule(
    'the number of completions does not change',
    { 'spec.completions': 5 },
    { 'spec.parallelism': 5 },
    { 'spec.completions': 6 },
    `spec.completions: Invalid value: 6: ${immutable}`,
  ),
  changeRule(
    'the number of indexes changes with what runs at once',
    { ...indexed, 'spec.parallelism': 5 },
    { 'spec.completions': 6, 'spec.parallelism': 6 },
    { 'spec.completions': 6 },
    'spec.completions: Invalid value: 6: can only be modified in tandem with spec.parallelism',
  ),
  changeRule(
    'how failures are judged does not change',
    { 'spec.podFailurePolicy': policy },
    { 'spec.podFailurePolicy': policy, 'spec.suspend': true },
    { 'spec.podFailurePolicy.rules[0].action': 'Ignore' },
    'spec.podFailurePolicy: Invalid value: {"Rules":[{"Action":"Ignore","OnExitCodes":{"ContainerName":null,"Operator":"In","Values":[1]},' +
      `"OnPodConditions":null}]}: ${immutable}`,
  ),
  changeRule(
    'how failures of an index are counted does not change',
    { ...indexed, 'spec.backoffLimitPerIndex': 1 },
    { 'spec.maxFailedIndexes': 2 },
    { 'spec.backoffLimitPerIndex': 2 },
    `spec.backoffLimitPerIndex: Invalid value: 2: ${immutable}`,
  ),
  changeRule(
    'who runs the job does not change',
    { 'spec.managedBy': 'a.io/b' },
    { 'spec.ttlSecondsAfterFinished': 5 },
    { 'spec.managedBy': 'a.io/c' },
    `spec.managedBy: Invalid value: "a.io/c": ${immutable}`,
  ),
  changeRule(
    'how success is judged does not change',
    { ...indexed, 'spec.successPolicy': { rules: [{ succeededCount: 1 }] } },
    { 'spec.activeDeadlineSeconds': 5 },
    { 'spec.successPolicy': { rules: [{ succeededCount: 2 }] } },
    `spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":2}]}: ${immutable}`,
  ),
  changeRule(
    'where pods run may change while a job has not started, and nothing else of them',
    { 'spec.suspend': true },
    {
      'spec.template.metadata.labels.a': 'b',
      'spec.template.metadata.annotations': { a: 'b' },
      'spec.template.spec.nodeSelector': { a: 'b' },
      'spec.template.spec.tolerations': [{ key: 'a', operator: 'Exists' }],
      'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution': {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
      },
      'spec.template.spec.schedulingGates': [{ name: 'a' }],
    },
    { 'spec.template.spec.serviceAccountName': 'a' },
    changedTemplate({ ServiceAccountName: 'a' }),
  ),
  changeRule(
    'affinities to pods do not change with those to nodes',
    { 'spec.suspend': true, 'spec.template.spec.affinity.nodeAffinity': {} },
    { 'spec.template.spec.affinity': undefined },
    { 'spec.template.spec.affinity': { podAffinity: {} } },
    changedTemplate({
      Affinity: {
        NodeAffinity: null,
        PodAffinity: { RequiredDuringSchedulingIgnoredDuringExecution: null, PreferredDuringSchedulingIgnoredDuringExecution: null },
        PodAntiAffinity: null,
      },
    }),
  ),
  changeRule(
    'pods of a job that runs do not change',
    {},
    { 'spec.suspend': true },
    { 'spec.template.spec.nodeSelector': { a: 'b' } },
    changedTemplate({ NodeSelector: { a: 'b' } }),
  ),
  changeRule(
    'pods of a job that has started do not change, also while it is suspended',
    { 'spec.suspend': true, 'status.startTime': '2024-01-01T12:00:00Z' },
    { 'spec.parallelism': 3 },
    { 'spec.template.spec.nodeSelector': { a: 'b' } },
    changedTemplate({ NodeSelector: { a: 'b' } }),
  ),
  changeRule(
    'what is changed is looked at twice',
    {},
    { 'spec.backoffLimit': 0 },
    { 'spec.backoffLimit': -1 },
    ...Array(2).fill('spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0'),
  ),
];

export const jobs: RulesOfKind = {
  collection: '/apis/batch/v1/namespaces/default/jobs',
  kind: 'Job.batch',
  example: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'nginx' }] } } } },
  rules: [...specRules, ...indexRules, ...podFailureRules, ...jobSuccessRules, ...selectorRules, ...changeRules, ...jobStatusRules],
};
