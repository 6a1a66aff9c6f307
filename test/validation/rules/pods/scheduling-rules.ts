import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notLabelValue, notPrefixedName, notQualifiedName, notSubdomain, unsupported } from '../format-messages.js';
import { requirementRules } from '../requirement-rules.js';

const must = 'requiredDuringSchedulingIgnoredDuringExecution';
const should = 'preferredDuringSchedulingIgnoredDuringExecution';
const nodes = `spec.affinity.nodeAffinity.${must}.nodeSelectorTerms`;
const preferredNodes = `spec.affinity.nodeAffinity.${should}`;

const tolerations = (rule: string, accepted: object, refused: object, error: string): Rule => ({
  rule,
  accepted: { 'spec.tolerations': [accepted] },
  refused: { 'spec.tolerations': [refused] },
  errors: [`spec.tolerations[0]${error}`],
});

const tolerationRules: readonly Rule[] = [
  tolerations(
    'a tolerated key is proper',
    { key: 'a.b/c', operator: 'Exists' },
    { key: 'a/b/c', operator: 'Exists' },
    `.key: Invalid value: "a/b/c": ${notPrefixedName}`,
  ),
  tolerations(
    'without a key all is tolerated',
    { operator: 'Exists' },
    { operator: 'Equal' },
    '.operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
  ),
  tolerations(
    'only what evicts is tolerated for a time',
    { key: 'a', effect: 'NoExecute', tolerationSeconds: 0 },
    { key: 'a', effect: 'NoSchedule', tolerationSeconds: 0 },
    '.effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
  ),
  tolerations(
    'a tolerated value is one of labels',
    { key: 'a', value: 'B_1' },
    { key: 'a', value: '-' },
    `.operator: Invalid value: "-": ${notLabelValue}`,
  ),
  tolerations(
    'where any value is tolerated none is given',
    { key: 'a', operator: 'Exists' },
    { key: 'a', operator: 'Exists', value: 'b' },
    '.operator: Invalid value: "b": value must be empty when `operator` is \'Exists\'',
  ),
  tolerations(
    'a toleration has a known operator',
    { key: 'a', operator: 'Equal' },
    { key: 'a', operator: 'In' },
    `.operator: ${unsupported('In', 'Equal', 'Exists')}`,
  ),
  tolerations(
    'a toleration has a known effect',
    { key: 'a', effect: 'PreferNoSchedule' },
    { key: 'a', effect: 'No' },
    `.effect: ${unsupported('No', 'NoSchedule', 'PreferNoSchedule', 'NoExecute')}`,
  ),
];

const nodeRules: readonly Rule[] = [
  fieldRule(
    'a node selector has proper keys',
    'spec.nodeSelector',
    { 'a.b/c': 'd' },
    { '-': 'd' },
    `Invalid value: "-": ${notQualifiedName}`,
  ),
  fieldRule('a node selector has proper values', 'spec.nodeSelector', { a: '' }, { a: '-' }, `Invalid value: "-": ${notLabelValue}`),
  fieldRule('there are terms that nodes must meet', nodes, [{}], [], 'Required value: must have at least one node selector term'),
  ...requirementRules(`${nodes}[0].matchExpressions`, 'nodes'),
  {
    rule: 'a label of nodes is compared with one number',
    accepted: { [nodes]: [{ matchExpressions: [{ key: 'a', operator: 'Lt', values: ['1'] }] }] },
    refused: { [nodes]: [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1', '2'] }] }] },
    errors: [`${nodes}[0].matchExpressions[0].values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`],
  },
  {
    rule: 'the only field that nodes are selected by is their name',
    accepted: { [nodes]: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a.b'] }] }] },
    refused: { [nodes]: [{ matchFields: [{ key: 'metadata.uid', operator: 'In', values: ['a'] }] }] },
    errors: [`${nodes}[0].matchFields[0].key: Invalid value: "metadata.uid": not a valid field selector key`],
  },
  {
    rule: 'a field of nodes has one value',
    accepted: { [nodes]: [{ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['a'] }] }] },
    refused: { [nodes]: [{ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['a', 'b'] }] }] },
    errors: [
      `${nodes}[0].matchFields[0].values: Required value: must be only one value when \`operator\` is 'In' or 'NotIn' for node field selector`,
    ],
  },
  {
    rule: 'a name that nodes are selected by is proper',
    accepted: { [nodes]: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a.b'] }] }] },
    refused: { [nodes]: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['A'] }] }] },
    errors: [`${nodes}[0].matchFields[0].values[0]: Invalid value: "A": ${notSubdomain}`],
  },
  {
    rule: 'the weight of a preference of nodes is at most 100',
    accepted: { [preferredNodes]: [{ weight: 100, preference: {} }] },
    refused: { [preferredNodes]: [{ weight: 101, preference: {} }] },
    errors: [`${preferredNodes}[0].weight: Invalid value: 101: must be in the range 1-100`],
  },
  {
    rule: 'the weight of a preference of nodes is at least 1',
    accepted: { [preferredNodes]: [{ weight: 1, preference: {} }] },
    refused: { [preferredNodes]: [{ weight: 0, preference: {} }] },
    errors: [`${preferredNodes}[0].weight: Invalid value: 0: must be in the range 1-100`],
  },
];

const zone = { topologyKey: 'zone' };

const companyRules = (field: 'podAffinity' | 'podAntiAffinity'): readonly Rule[] => {
  const terms = `spec.affinity.${field}.${must}`;
  const preferred = `spec.affinity.${field}.${should}`;
  const labelSelector = (operator: string, values?: string[]) => ({
    ...zone,
    labelSelector: { matchExpressions: [{ key: 'a', operator, ...(values && { values }) }] },
  });
  return [
    {
      rule: `${field} has a topology`,
      accepted: { [terms]: [zone] },
      refused: { [terms]: [{ topologyKey: '' }] },
      errors: [
        `${terms}[0].topologyKey: Required value: can not be empty`,
        `${terms}[0].topologyKey: Invalid value: "": name part must be non-empty`,
        `${terms}[0].topologyKey: Invalid value: "": ${notQualifiedName}`,
      ],
    },
    {
      rule: `${field} selects pods properly`,
      accepted: { [terms]: [labelSelector('In', ['b'])] },
      refused: { [terms]: [labelSelector('In')] },
      errors: [
        `${terms}[0].labelSelector.matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
      ],
    },
    {
      rule: `preferences of ${field} weigh at most 100`,
      accepted: { [preferred]: [{ weight: 100, podAffinityTerm: zone }] },
      refused: { [preferred]: [{ weight: 101, podAffinityTerm: zone }] },
      errors: [`${preferred}[0].weight: Invalid value: 101: must be in the range 1-100`],
    },
  ];
};

const spread = 'spec.topologySpreadConstraints';
const even = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' };

const spreading = (rule: string, accepted: object, refused: object, ...errors: string[]): Rule => ({
  rule,
  accepted: { [spread]: [{ ...even, ...accepted }] },
  refused: { [spread]: [{ ...even, ...refused }] },
  errors: errors.map((error) => `${spread}[0]${error}`),
});

const spreadRules: readonly Rule[] = [
  spreading('maxSkew is positive', { maxSkew: 1 }, { maxSkew: 0 }, '.maxSkew: Invalid value: 0: must be greater than zero'),
  spreading('pods are spread over a topology', { topologyKey: 'a' }, { topologyKey: '' }, '.topologyKey: Required value: can not be empty'),
  spreading(
    'it is known what to do when pods cannot be spread',
    { whenUnsatisfiable: 'ScheduleAnyway' },
    { whenUnsatisfiable: 'Wait' },
    `.whenUnsatisfiable: ${unsupported('Wait', 'DoNotSchedule', 'ScheduleAnyway')}`,
  ),
  {
    rule: 'pods are spread over a topology once',
    accepted: { [spread]: [even, { ...even, whenUnsatisfiable: 'ScheduleAnyway' }] },
    refused: { [spread]: [even, even] },
    errors: [`${spread}[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"`],
  },
  spreading('minDomains is positive', { minDomains: 1 }, { minDomains: 0 }, '.minDomains: Invalid value: 0: must be greater than zero'),
  spreading(
    'only what must be spread waits for domains',
    { minDomains: 1 },
    { minDomains: 1, whenUnsatisfiable: 'ScheduleAnyway' },
    '.minDomains: Invalid value: 1: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
  ),
  spreading(
    'affinity of nodes is honoured or not',
    { nodeAffinityPolicy: 'Ignore' },
    { nodeAffinityPolicy: 'Heed' },
    `.nodeAffinityPolicy: ${unsupported('Heed', 'Honor', 'Ignore')}`,
  ),
  spreading(
    'taints of nodes are honoured or not',
    { nodeTaintsPolicy: 'Honor' },
    { nodeTaintsPolicy: 'Heed' },
    `.nodeTaintsPolicy: ${unsupported('Heed', 'Honor', 'Ignore')}`,
  ),
  spreading(
    'keys complete a selector',
    { labelSelector: {}, matchLabelKeys: ['a'] },
    { matchLabelKeys: ['a'] },
    '.matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
  ),
];

const gates = 'spec.schedulingGates';

const gateRules: readonly Rule[] = [
  {
    rule: 'what a pod waits for before it is ready has a proper name',
    accepted: { 'spec.readinessGates': [{ conditionType: 'a.b/C' }] },
    refused: { 'spec.readinessGates': [{ conditionType: '-' }] },
    errors: [`spec.readinessGates[0].conditionType: Invalid value: "-": ${notQualifiedName}`],
  },
  {
    rule: 'a gate has a proper name',
    accepted: { [gates]: [{ name: 'a.b/c' }] },
    refused: { [gates]: [{ name: '-' }] },
    errors: [`${gates}[0]: Invalid value: "-": ${notQualifiedName}`],
  },
  {
    rule: 'gates have names of their own',
    accepted: { [gates]: [{ name: 'a' }, { name: 'b' }] },
    refused: { [gates]: [{ name: 'a' }, { name: 'a' }] },
    errors: [`${gates}[1]: Duplicate value: "a"`],
  },
  {
    rule: 'a pod behind a gate has no node',
    accepted: { [gates]: [{ name: 'a' }] },
    refused: { [gates]: [{ name: 'a' }], 'spec.nodeName': 'n' },
    errors: ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
  },
];

/** Where pods run, and when. */
export const schedulingRules: readonly Rule[] = [
  ...tolerationRules,
  ...nodeRules,
  ...companyRules('podAffinity'),
  ...companyRules('podAntiAffinity'),
  ...spreadRules,
  ...gateRules,
];
