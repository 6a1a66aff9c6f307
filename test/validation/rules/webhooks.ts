import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { notDns1035Label, notPort, notQualifiedName, unsupported } from './format-messages.js';

const hook = 'webhooks[0]';
const ruleAt = `${hook}.rules[0]`;
const url = `${hook}.clientConfig.url`;
const service = { namespace: 'default', name: 'hook' };
const serviceAt = `${hook}.clientConfig.service`;
const webhook = {
  name: 'a.rules.example.com',
  clientConfig: { url: 'https://rules.example.com/' },
  rules: [{ operations: ['CREATE'], apiGroups: ['rules.example.com'], apiVersions: ['v1'], resources: ['things'] }],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};
const conditions = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `c${i}`, expression: 'true' }));

function serviceRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  return fieldRule(
    rule,
    `${hook}.clientConfig`,
    { service: { ...service, ...accepted } },
    { service: { ...service, ...refused } },
    ...problems,
  );
}

/** The same rule, told of a place within the field. */
function at(place: string, rule: Rule): Rule {
  return { ...rule, errors: rule.errors.map((error) => error.replace(/^[^:]*(?=: )/, () => place)) };
}

function starRule(field: string, one: string, noun: string): Rule {
  return fieldRule(
    `all ${field} are no more than all`,
    `${ruleAt}.${field}`,
    ['*'],
    ['*', one],
    `Invalid value: ["*","${one}"]: if '*' is present, must not specify other ${noun}`,
  );
}

const rules: readonly Rule[] = [
  fieldRule('a webhook has a name', `${hook}.name`, 'a.b.c', '', 'Required value'),
  fieldRule(
    'a name is a domain of three',
    `${hook}.name`,
    'a.b.c',
    'a.b',
    'Invalid value: "a.b": should be a domain with at least three segments separated by dots',
  ),
  {
    rule: 'webhooks have names of their own',
    accepted: { 'webhooks[1]': { ...webhook, name: 'b.rules.example.com' } },
    refused: { 'webhooks[1]': webhook },
    errors: ['webhooks[1].name: Duplicate value: "a.rules.example.com"'],
  },
  fieldRule('a rule has operations', `${ruleAt}.operations`, ['CONNECT', 'DELETE'], [], 'Required value'),
  at(
    `${ruleAt}.operations[0]`,
    fieldRule(
      'operations are known',
      `${ruleAt}.operations`,
      ['UPDATE'],
      ['GET'],
      unsupported('GET', '*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'),
    ),
  ),
  starRule('operations', 'CREATE', 'operations'),
  fieldRule('a rule has groups', `${ruleAt}.apiGroups`, ['', 'apps'], [], 'Required value'),
  starRule('apiGroups', 'apps', 'API groups'),
  fieldRule('a rule has versions', `${ruleAt}.apiVersions`, ['v1', 'v2'], [], 'Required value'),
  starRule('apiVersions', 'v1', 'API versions'),
  at(`${ruleAt}.apiVersions[0]`, fieldRule('versions have names', `${ruleAt}.apiVersions`, ['v1'], [''], 'Required value')),
  fieldRule('a rule has resources', `${ruleAt}.resources`, ['things/status', 'pods'], [], 'Required value'),
  at(`${ruleAt}.resources[0]`, fieldRule('resources have names', `${ruleAt}.resources`, ['a'], [''], 'Required value')),
  fieldRule(
    'everything is no more than everything',
    `${ruleAt}.resources`,
    ['*/*'],
    ['*/*', 'a'],
    `Invalid value: ["*/*","a"]: if '*/*' is present, must not specify other resources`,
  ),
  fieldRule(
    'all resources are no more than all',
    `${ruleAt}.resources`,
    ['*', 'a/b'],
    ['*', 'a'],
    `Invalid value: ["*","a"]: if '*' is present, must not specify other resources without subresources`,
  ),
  at(
    `${ruleAt}.resources[1]`,
    fieldRule(
      'all subresources are no more than all',
      `${ruleAt}.resources`,
      ['a/*', 'b/c'],
      ['a/*', 'a/b'],
      `Invalid value: "a/b": if 'a/*' is present, must not specify a/b`,
    ),
  ),
  at(
    `${ruleAt}.resources[1]`,
    fieldRule(
      'a subresource of all is that of one',
      `${ruleAt}.resources`,
      ['*/b', 'a/c'],
      ['*/b', 'a/b'],
      `Invalid value: "a/b": if '*/b' is present, must not specify a/b`,
    ),
  ),
  fieldRule('a scope is known', `${ruleAt}.scope`, 'Cluster', 'Both', unsupported('Both', '*', 'Cluster', 'Namespaced')),
  fieldRule('a failure is met by a known policy', `${hook}.failurePolicy`, 'Ignore', 'Retry', unsupported('Retry', 'Fail', 'Ignore')),
  fieldRule('rules match by a known policy', `${hook}.matchPolicy`, 'Exact', 'Like', unsupported('Like', 'Equivalent', 'Exact')),
  fieldRule('side effects are told', `${hook}.sideEffects`, 'None', undefined, 'Required value: must specify one of None, NoneOnDryRun'),
  fieldRule('side effects are none', `${hook}.sideEffects`, 'NoneOnDryRun', 'Some', unsupported('Some', 'None', 'NoneOnDryRun')),
  fieldRule('a webhook has time', `${hook}.timeoutSeconds`, 1, 0, 'Invalid value: 0: the timeout value must be between 1 and 30 seconds'),
  fieldRule(
    'a webhook has little time',
    `${hook}.timeoutSeconds`,
    30,
    31,
    'Invalid value: 31: the timeout value must be between 1 and 30 seconds',
  ),
  fieldRule(
    'versions of reviews are told',
    `${hook}.admissionReviewVersions`,
    ['v1beta1'],
    [],
    'Required value: must specify one of v1, v1beta1',
  ),
  fieldRule(
    'a version of reviews is known',
    `${hook}.admissionReviewVersions`,
    ['v2', 'v1'],
    ['v2'],
    'Invalid value: ["v2"]: must include at least one of v1, v1beta1',
  ),
  at(
    `${hook}.admissionReviewVersions[1]`,
    fieldRule(
      'versions of reviews are told once',
      `${hook}.admissionReviewVersions`,
      ['v1', 'v2'],
      ['v1', 'v1'],
      'Invalid value: "v1": duplicate version',
    ),
  ),
  at(
    `${hook}.admissionReviewVersions[1]`,
    fieldRule(
      'versions of reviews are labels',
      `${hook}.admissionReviewVersions`,
      ['v1', 'v2'],
      ['v1', '2'],
      `Invalid value: "2": ${notDns1035Label}`,
    ),
  ),
  fieldRule('a webhook is somewhere', `${hook}.clientConfig`, { service }, {}, 'Required value: exactly one of url or service is required'),
  fieldRule(
    'a webhook is at one place',
    `${hook}.clientConfig`,
    { service },
    { service, url: 'https://a' },
    'Required value: exactly one of url or service is required',
  ),
  fieldRule(
    'a webhook is asked by HTTPS',
    url,
    'https://a/b',
    'http://a/b',
    `Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
  ),
  fieldRule(
    'a URL has a host',
    url,
    'https://a',
    'https:///b',
    'Invalid value: "": host must be specified; desired format: https://host[/path]',
  ),
  fieldRule(
    'a URL has no user',
    url,
    'https://a:443',
    'https://u:p@a',
    'Invalid value: "u:p": user information is not permitted in the URL',
  ),
  fieldRule('a URL has no fragment', url, 'https://a/#', 'https://a/#f', 'Invalid value: "f": fragments are not permitted in the URL'),
  fieldRule(
    'a URL has no query',
    url,
    'https://a/?',
    'https://a/?q=1',
    'Invalid value: "q=1": query parameters are not permitted in the URL',
  ),
  at(`${serviceAt}.namespace`, serviceRule('the service of a webhook has a name', {}, { name: '' }, 'Required value')),
  at(`${serviceAt}.name`, serviceRule('the service of a webhook is in a namespace', {}, { namespace: '' }, 'Required value')),
  at(
    `${serviceAt}.port`,
    serviceRule('the service of a webhook has a port', { port: 1 }, { port: 0 }, `Invalid value: 0: port is not valid: ${notPort}`),
  ),
  at(
    `${serviceAt}.path`,
    serviceRule('the path at a service is absolute', { path: '/a/b/' }, { path: 'ab' }, `Invalid value: "ab": must start with a '/'`),
  ),
  at(
    `${serviceAt}.path`,
    serviceRule(
      'the path at a service has no gaps',
      { path: '/' },
      { path: '/a//b' },
      'Invalid value: "/a//b": segment[1] may not be empty',
    ),
  ),
  fieldRule('conditions are few', `${hook}.matchConditions`, conditions(64), conditions(65), 'Too many: 65: must have at most 64 items'),
  at(
    `${hook}.matchConditions[0].name`,
    fieldRule(
      'a condition has a name',
      `${hook}.matchConditions[0]`,
      { name: 'a/b', expression: 'true' },
      { expression: 'true' },
      'Required value',
    ),
  ),
  at(
    `${hook}.matchConditions[0].name`,
    fieldRule(
      'the name of a condition is one',
      `${hook}.matchConditions[0]`,
      { name: 'a.b', expression: 'true' },
      { name: 'a b', expression: 'true' },
      `Invalid value: "a b": ${notQualifiedName}`,
    ),
  ),
  at(
    `${hook}.matchConditions[0].expression`,
    fieldRule(
      'a condition says something',
      `${hook}.matchConditions[0]`,
      { name: 'a', expression: 'true' },
      { name: 'a', expression: ' ' },
      'Required value',
    ),
  ),
  at(
    `${hook}.objectSelector.matchExpressions[0].operator`,
    fieldRule(
      'a selector is one',
      `${hook}.objectSelector.matchExpressions`,
      [{ key: 'a', operator: 'Exists' }],
      [{ key: 'a', operator: 'Is' }],
      'Invalid value: "Is": not a valid selector operator',
    ),
  ),
  {
    rule: 'a changed webhook keeps to the rules',
    on: 'update',
    accepted: { [`${hook}.timeoutSeconds`]: 30 },
    refused: { [`${hook}.sideEffects`]: 'Unknown' },
    errors: [`${hook}.sideEffects: ${unsupported('Unknown', 'None', 'NoneOnDryRun')}`],
  },
];

export const validatingWebhooks: RulesOfKind = {
  collection: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
  kind: 'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  example: { webhooks: [webhook] },
  rules,
};

export const mutatingWebhooks: RulesOfKind = {
  collection: '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  kind: 'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  example: { webhooks: [webhook] },
  rules: [
    ...rules,
    fieldRule(
      'a webhook is asked again by a known policy',
      `${hook}.reinvocationPolicy`,
      'IfNeeded',
      'Always',
      unsupported('Always', 'IfNeeded', 'Never'),
    ),
  ],
};

/** Webhooks of before v1, which let in more: what they were let in with is let in again, and no more. */
export const earlyWebhooks: RulesOfKind = {
  ...validatingWebhooks,
  madeIn: '/apis/admissionregistration.k8s.io/v1beta1/validatingwebhookconfigurations',
  rules: [
    {
      rule: 'a webhook of before v1 may go on having effects beside',
      on: 'update',
      before: { [`${hook}.sideEffects`]: 'Unknown' },
      accepted: { [`${hook}.sideEffects`]: 'Some' },
      refused: { [`${hook}.sideEffects`]: 'Many' },
      errors: [`${hook}.sideEffects: ${unsupported('Many', 'None', 'NoneOnDryRun', 'Some', 'Unknown')}`],
    },
    {
      rule: 'a webhook of before v1 says what effects it has beside',
      on: 'update',
      before: { [`${hook}.sideEffects`]: 'Some' },
      accepted: { [`${hook}.sideEffects`]: 'Unknown' },
      refused: { [`${hook}.sideEffects`]: null },
      errors: [`${hook}.sideEffects: Required value: must specify one of None, NoneOnDryRun, Some, Unknown`],
    },
    {
      rule: 'a webhook of before v1 may go on knowing other reviews',
      on: 'update',
      before: { [`${hook}.admissionReviewVersions`]: ['v9'] },
      accepted: { [`${hook}.admissionReviewVersions`]: ['v8'] },
      refused: { [`${hook}.admissionReviewVersions`]: ['v8', 'v8'] },
      errors: [`${hook}.admissionReviewVersions[1]: Invalid value: "v8": duplicate version`],
    },
    {
      rule: 'webhooks of before v1 may go on sharing a name, which is one',
      on: 'update',
      before: { webhooks: [webhook, webhook] },
      accepted: { 'webhooks[1].timeoutSeconds': 5 },
      refused: { 'webhooks[1].name': 'a.b' },
      errors: ['webhooks[1].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots'],
    },
    {
      rule: 'a webhook of before v1 that keeps to the rules goes on doing so',
      on: 'update',
      accepted: { [`${hook}.sideEffects`]: 'NoneOnDryRun' },
      refused: { [`${hook}.sideEffects`]: 'Some' },
      errors: [`${hook}.sideEffects: ${unsupported('Some', 'None', 'NoneOnDryRun')}`],
    },
  ],
};
