import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';

const limit = 'spec.limits[0]';

/** A rule about how the bounds of one resource lie to each other. */
function orderRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const bounds = (some: object) => ({
    [limit]: { type: 'Container', ...Object.fromEntries(Object.entries(some).map(([bound, cpu]) => [bound, { cpu }])) },
  });
  return { rule, accepted: bounds(accepted), refused: bounds(refused), errors: problems.map((problem) => `${limit}.${problem}`) };
}

export const limitRanges: RulesOfKind = {
  collection: '/api/v1/namespaces/limit-rules/limitranges',
  kind: 'LimitRange',
  given: [{ collection: '/api/v1/namespaces', object: { metadata: { name: 'limit-rules' } } }],
  example: { spec: { limits: [{ type: 'Container', max: { cpu: '2' } }] } },
  rules: [
    fieldRule(
      'a limit is of a known type',
      `${limit}.type`,
      'example.com/thing',
      'Thing',
      'Invalid value: "Thing": must be a standard limit type or fully qualified',
    ),
    {
      rule: 'each type is limited once',
      accepted: { 'spec.limits[1]': { type: 'Pod' } },
      refused: { 'spec.limits[1]': { type: 'Container' } },
      errors: ['spec.limits[1].type: Duplicate value: "Container"'],
    },
    {
      rule: 'pods have no defaults',
      accepted: { [limit]: { type: 'Pod', max: { cpu: '1' } } },
      refused: { [limit]: { type: 'Pod', default: { cpu: '1' }, defaultRequest: { cpu: '1' } } },
      errors: [
        `${limit}.default: Forbidden: may not be specified when \`type\` is 'Pod'`,
        `${limit}.defaultRequest: Forbidden: may not be specified when \`type\` is 'Pod'`,
      ],
    },
    {
      rule: 'claims have a bound',
      accepted: { [limit]: { type: 'PersistentVolumeClaim', min: { storage: '1' } } },
      refused: { [limit]: { type: 'PersistentVolumeClaim' } },
      errors: [`${limit}.limits: Required value: either minimum or maximum storage value is required, but neither was provided`],
    },
    {
      rule: 'min is no more than max',
      accepted: { [limit]: { type: 'Pod', min: { cpu: '2' }, max: { cpu: '2' } } },
      refused: { [limit]: { type: 'Pod', min: { cpu: '3' }, max: { cpu: '2' } } },
      errors: [`${limit}.min[cpu]: Invalid value: "3": min value 3 is greater than max value 2`],
    },
    orderRule(
      'a default request is no more than the default',
      { default: '1', defaultRequest: '1' },
      { default: '1', defaultRequest: '2' },
      'defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
    ),
    orderRule(
      'a default is no more than max',
      { default: '1', defaultRequest: '1', max: '1' },
      { default: '2', defaultRequest: '1', max: '1' },
      'default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
    ),
    orderRule(
      'a default request is at least min',
      { min: '1', defaultRequest: '1', default: '2' },
      { min: '1', defaultRequest: '500m', default: '2' },
      'defaultRequest[cpu]: Invalid value: "500m": min value 1 is greater than default request value 500m',
    ),
    orderRule(
      'a default request is no more than max',
      { max: '1', defaultRequest: '1', default: '1' },
      { max: '1', defaultRequest: '2', default: '1' },
      'defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than max value 1',
      'defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
    ),
    orderRule(
      'a default is at least min',
      { min: '2', defaultRequest: '2', default: '2' },
      { min: '2', defaultRequest: '2', default: '1' },
      'defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1',
      'default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
    ),
    orderRule(
      'a ratio is one that bounds allow',
      { min: '1', max: '2', maxLimitRequestRatio: '2' },
      { min: '1', max: '2', maxLimitRequestRatio: '3' },
      'maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
    ),
    {
      rule: 'what is not promised twice has one default',
      accepted: { [limit]: { type: 'Container', default: { 'a.b/c': '1' }, defaultRequest: { 'a.b/c': '1' } } },
      refused: { [limit]: { type: 'Container', default: { 'a.b/c': '2' }, defaultRequest: { 'a.b/c': '1' } } },
      errors: [`${limit}.defaultRequest[a.b/c]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.b/c`],
    },
    orderRule(
      'a ratio is at least one',
      { maxLimitRequestRatio: '1' },
      { maxLimitRequestRatio: '500m' },
      'maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1',
    ),
  ],
};

const pod = (resources: object) => ({ 'spec.containers[0].resources': resources });
const limits = [{ type: 'Container', min: { cpu: '100m' }, max: { cpu: '2' }, maxLimitRequestRatio: { memory: '2' } }];

function enforced(rule: string, accepted: object, refused: object, message: string): Rule {
  return {
    rule,
    accepted: pod(accepted),
    refused: pod(refused),
    errors: [],
    refusal: { code: 403, reason: 'Forbidden', message: `pods "{name}" is forbidden: ${message}` },
  };
}

const memory = { requests: { memory: '1Gi' }, limits: { memory: '2Gi' } };
const cpu = (request: string, most: string) => ({
  requests: { ...memory.requests, cpu: request },
  limits: { ...memory.limits, cpu: most },
});

/** Pods of a namespace that has limits and a quota. */
export const limitedPods: RulesOfKind = {
  collection: '/api/v1/namespaces/limited/pods',
  kind: 'Pod',
  given: [
    { collection: '/api/v1/namespaces', object: { metadata: { name: 'limited' } } },
    { collection: '/api/v1/namespaces/limited/limitranges', object: { metadata: { name: 'limits' }, spec: { limits } } },
  ],
  example: { spec: { containers: [{ name: 'main', image: 'a', resources: cpu('1', '1') }] } },
  rules: [
    enforced(
      'a request is at least the minimum',
      cpu('100m', '2'),
      cpu('50m', '2'),
      'minimum cpu usage per Container is 100m, but request is 50m',
    ),
    enforced('a limit is at most the maximum', cpu('1', '2'), cpu('1', '3'), 'maximum cpu usage per Container is 2, but limit is 3'),
    enforced(
      'a limit is in proportion',
      cpu('1', '1'),
      { ...cpu('1', '1'), limits: { cpu: '1', memory: '3Gi' } },
      'memory max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    ),
  ],
};

const bounds = [
  { type: 'Pod', min: { memory: '1Gi' }, max: { memory: '2Gi' } },
  { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '10Gi' } },
];
const bounded = [
  { collection: '/api/v1/namespaces', object: { metadata: { name: 'bounded' } } },
  { collection: '/api/v1/namespaces/bounded/limitranges', object: { metadata: { name: 'limits' }, spec: { limits: bounds } } },
];

/** Pods where pods as a whole have bounds. */
export const boundedPods: RulesOfKind = {
  collection: '/api/v1/namespaces/bounded/pods',
  kind: 'Pod',
  given: bounded,
  example: { spec: { containers: [{ name: 'main', image: 'a' }] } },
  rules: [
    enforced(
      'a pod asks for what it must have at least, and says what it has at most',
      memory,
      {},
      '[minimum memory usage per Pod is 1Gi.  No request is specified, maximum memory usage per Pod is 2Gi.  No limit is specified]',
    ),
    enforced(
      'a pod says what it has at most',
      memory,
      { requests: { memory: '1Gi' } },
      'maximum memory usage per Pod is 2Gi.  No limit is specified',
    ),
    enforced(
      'a pod is within all its bounds',
      memory,
      { requests: { memory: '512Mi' }, limits: { memory: '3Gi' } },
      '[minimum memory usage per Pod is 1Gi, but request is 512Mi, maximum memory usage per Pod is 2Gi, but limit is 3Gi]',
    ),
  ],
};

const claimRule = (rule: string, accepted: string, refused: string, message: string): Rule => ({
  rule,
  accepted: { 'spec.resources.requests.storage': accepted },
  refused: { 'spec.resources.requests.storage': refused },
  errors: [],
  refusal: { code: 403, reason: 'Forbidden', message: `persistentvolumeclaims "{name}" is forbidden: ${message}` },
});

/** Claims of the same namespace. */
export const boundedClaims: RulesOfKind = {
  collection: '/api/v1/namespaces/bounded/persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  example: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  rules: [
    claimRule('a claim is not too small', '1Gi', '1G', 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1G'),
    claimRule('a claim is not too large', '10Gi', '11Gi', 'maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi'),
  ],
};
