import type { Rule, RulesOfKind } from '../../rule.js';
import { notConfigMapKey } from '../format-messages.js';

const set = 'field is immutable when `immutable` is set';
const encoded = (text: string): string => Buffer.from(text).toString('base64');
const mebibyte = 1024 * 1024;

/** What data a secret of a type has. */
function typeRule(rule: string, type: string, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  const typed = `kubernetes.io/${type}`;
  return { rule, accepted: { type: typed, data: accepted }, refused: { type: typed, data: refused }, errors };
}

const typeRules: Rule[] = [
  {
    rule: 'a token is that of a service account',
    accepted: {
      type: 'kubernetes.io/service-account-token',
      'metadata.annotations': { 'kubernetes.io/service-account.name': 'default' },
    },
    refused: { type: 'kubernetes.io/service-account-token' },
    errors: ['metadata.annotations[kubernetes.io/service-account.name]: Required value'],
  },
  ...['.dockercfg', '.dockerconfigjson'].flatMap((key) => {
    const type = key.slice(1);
    return [
      typeRule(`${type} has a configuration`, type, { [key]: encoded('{}') }, { other: '' }, `data[${key}]: Required value`),
      typeRule(
        `the configuration of ${type} is JSON`,
        type,
        { [key]: encoded('{"auths":{}}') },
        { [key]: encoded('x') },
        `data[${key}]: Invalid value: "<secret contents redacted>": invalid character 'x' looking for beginning of value`,
      ),
    ];
  }),
  typeRule(
    'basic authentication has a user or a password',
    'basic-auth',
    { password: '' },
    { user: '' },
    'data[username]: Required value',
    'data[password]: Required value',
  ),
  typeRule(
    'a key of SSH is there',
    'ssh-auth',
    { 'ssh-privatekey': encoded('k') },
    { 'ssh-privatekey': '' },
    'data[ssh-privatekey]: Required value',
  ),
  typeRule('a certificate has a key', 'tls', { 'tls.crt': '', 'tls.key': '' }, { 'tls.crt': '' }, 'data[tls.key]: Required value'),
  typeRule('a key has a certificate', 'tls', { 'tls.crt': '', 'tls.key': '' }, { 'tls.key': '' }, 'data[tls.crt]: Required value'),
];

export const secrets: RulesOfKind = {
  collection: '/api/v1/namespaces/default/secrets',
  kind: 'Secret',
  example: { data: { a: encoded('b') } },
  rules: [
    {
      rule: 'keys are of letters, digits and a few signs',
      accepted: { data: { '-._a1': '' }, type: 'bootstrap.kubernetes.io/token' },
      refused: { stringData: { 'a b': '' } },
      errors: [`data[a b]: Invalid value: "a b": ${notConfigMapKey}`],
    },
    {
      rule: 'all data have no more than 1 MiB',
      accepted: { data: { a: encoded('x'.repeat(mebibyte)) } },
      refused: { data: { a: encoded('x'.repeat(mebibyte)), b: encoded('x') } },
      errors: [`data: Too long: may not be more than ${mebibyte} bytes`],
    },
    ...typeRules,
    {
      rule: 'the type does not change',
      on: 'update',
      before: { type: 'a.b/c' },
      accepted: { data: {} },
      refused: { type: 'a.b/d' },
      errors: ['type: Invalid value: "a.b/d": field is immutable'],
    },
    {
      rule: 'data of an immutable secret do not change',
      on: 'update',
      before: { immutable: true },
      accepted: { 'metadata.labels.a': 'b' },
      refused: { 'data.a': encoded('c') },
      errors: [`data: Forbidden: ${set}`],
    },
    {
      rule: 'an immutable secret without data gets no empty data',
      on: 'update',
      before: { immutable: true, data: undefined },
      accepted: { 'metadata.labels.a': 'b' },
      refused: { data: {} },
      errors: [`data: Forbidden: ${set}`],
    },
    {
      rule: 'an immutable secret stays immutable',
      on: 'update',
      before: { immutable: true },
      accepted: { data: { a: encoded('b') } },
      refused: { immutable: false },
      errors: [`immutable: Forbidden: ${set}`],
    },
  ],
};
