import type { Rule } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notDns1035Label, notSubdomain, unsupported } from '../format-messages.js';

const names = { plural: 'shelves', singular: 'shelf', kind: 'Shelf', listKind: 'ShelfList', shortNames: ['sh'], categories: ['all'] };
const inLowerCase = 'may have mixed case, but should otherwise match: ';
const long = `a${'b'.repeat(63)}`;

/** A rule about names of the kind that is defined. */
function nameRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const named = (some: object) => ({ 'metadata.name': 'shelves.rules.example.com', 'spec.names': { ...names, ...some } });
  return { rule, accepted: named(accepted), refused: named(refused), errors: problems.map((problem) => `spec.names.${problem}`) };
}

function groupRule(rule: string, accepted: string, refused: string, ...errors: readonly string[]): Rule {
  const grouped = (group: string) => ({ 'metadata.name': `shelves.${group}`, 'spec.group': group, 'spec.names': names });
  return { rule, accepted: grouped(accepted), refused: grouped(refused), errors };
}

const approval = 'metadata.annotations[api-approved.kubernetes.io]';
const demanded = 'protected groups must have approval annotation "api-approved.kubernetes.io"';
const see = 'see https://github.com/kubernetes/enhancements/pull/1111';

function approvalRule(rule: string, accepted: string, refused: string | undefined, problem: string): Rule {
  const approved = (by: string | undefined) => ({
    'metadata.name': 'shelves.rules.k8s.io',
    'metadata.annotations': by === undefined ? undefined : { 'api-approved.kubernetes.io': by },
    'spec.group': 'rules.k8s.io',
    'spec.names': names,
  });
  return { rule, accepted: approved(accepted), refused: approved(refused), errors: [`${approval}: ${problem}`] };
}

const webhook = { clientConfig: { url: 'https://rules.example.com/convert' }, conversionReviewVersions: ['v1'] };

function conversionRule(rule: string, accepted: object, refused: object, ...problems: readonly string[]): Rule {
  const convert = (some: object) => ({ 'spec.conversion': { strategy: 'Webhook', webhook: { ...webhook, ...some } } });
  return { rule, accepted: convert(accepted), refused: convert(refused), errors: problems.map((problem) => `spec.conversion.${problem}`) };
}

const service = { namespace: 'default', name: 'converter' };
const serviceAt = 'webhookClientConfig.service';

export const definitionRules: readonly Rule[] = [
  {
    rule: 'a definition is named by plural and group',
    accepted: { 'metadata.name': 'shelves.rules.example.com', 'spec.names': names },
    refused: { 'metadata.name': 'shelf.rules.example.com', 'spec.names': names },
    errors: ['metadata.name: Invalid value: "shelf.rules.example.com": must be spec.names.plural+"."+spec.group'],
  },
  groupRule(
    'a group is a domain',
    'rules.example.com',
    'Rules.example.com',
    `metadata.name: Invalid value: "shelves.Rules.example.com": ${notSubdomain}`,
    `spec.group: Invalid value: "Rules.example.com": ${notSubdomain}`,
  ),
  groupRule('a group has a dot', 'rules.com', 'rules', 'spec.group: Invalid value: "rules": should be a domain with at least one dot'),
  groupRule('there is a group', 'a.b', '', `metadata.name: Invalid value: "shelves.": ${notSubdomain}`, 'spec.group: Required value'),
  fieldRule('objects are in namespaces or in none', 'spec.scope', 'Cluster', 'Both', unsupported('Both', 'Cluster', 'Namespaced')),
  fieldRule('a scope is needed', 'spec.scope', 'Namespaced', '', 'Required value'),
  nameRule(
    'singular is a label',
    { singular: long.slice(1) },
    { singular: 'Shelf' },
    `singular: Invalid value: "Shelf": ${notDns1035Label}`,
  ),
  nameRule(
    'what is wrong with a name is told at once',
    {},
    { singular: `-${long}` },
    `singular: Invalid value: "-${long}": must be no more than 63 characters,${notDns1035Label}`,
  ),
  {
    rule: 'plural is a label',
    accepted: { 'metadata.name': `${long.slice(1)}.rules.example.com`, 'spec.names': { ...names, plural: long.slice(1) } },
    refused: { 'metadata.name': '1s.rules.example.com', 'spec.names': { ...names, plural: '1s' } },
    errors: [`spec.names.plural: Invalid value: "1s": ${notDns1035Label}`],
  },
  {
    rule: 'plural is needed',
    accepted: { 'metadata.name': 'a.rules.example.com', 'spec.names': { ...names, plural: 'a' } },
    refused: { 'metadata.name': 'a.rules.example.com', 'spec.names': { ...names, plural: '' } },
    errors: [
      'metadata.name: Invalid value: "a.rules.example.com": must be spec.names.plural+"."+spec.group',
      'spec.names.plural: Required value',
    ],
  },
  nameRule(
    'kind is needed',
    { kind: 'K' },
    { kind: '', singular: '', listKind: '' },
    'singular: Required value',
    'kind: Required value',
    'listKind: Required value',
  ),
  nameRule(
    'kind is a label but for its case',
    { kind: 'SHELF' },
    { kind: 'Sh_elf' },
    `kind: Invalid value: "Sh_elf": ${inLowerCase}${notDns1035Label}`,
  ),
  nameRule(
    'listKind is a label but for its case',
    { listKind: 'SHELVES' },
    { listKind: 'Shelf_List' },
    `listKind: Invalid value: "Shelf_List": ${inLowerCase}${notDns1035Label}`,
  ),
  nameRule(
    'kind and listKind differ',
    { listKind: 'Shelfs' },
    { listKind: 'Shelf' },
    'listKind: Invalid value: "Shelf": kind and listKind may not be the same',
  ),
  nameRule(
    'short names are labels',
    { shortNames: ['s', 'sh'] },
    { shortNames: ['s', 'S'] },
    `shortNames[1]: Invalid value: "S": ${notDns1035Label}`,
  ),
  nameRule(
    'categories are labels',
    { categories: ['a', 'b'] },
    { categories: ['', 'b'] },
    `categories[0]: Invalid value: "": ${notDns1035Label}`,
  ),
  fieldRule(
    'unknown fields are kept by schemas alone',
    'spec.preserveUnknownFields',
    false,
    true,
    'Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
  ),
  approvalRule(
    'groups of the community need its approval',
    'https://github.com/kubernetes/kubernetes/pull/1',
    undefined,
    `Required value: ${demanded}, ${see}`,
  ),
  approvalRule(
    'an approval is a URL, or says that there is none',
    'unapproved, to try it',
    'yes',
    `Invalid value: "yes": ${demanded} with either a URL or a reason starting with "unapproved", ${see}`,
  ),
  {
    rule: 'conversion has a known strategy',
    accepted: { 'spec.conversion': { strategy: 'None' } },
    refused: { 'spec.conversion': { strategy: 'Guess' } },
    errors: [`spec.conversion.strategy: ${unsupported('Guess', 'None', 'Webhook')}`],
  },
  {
    rule: 'a webhook converts where the strategy says so',
    accepted: { 'spec.conversion': { strategy: 'None' } },
    refused: { 'spec.conversion': { strategy: 'None', webhook } },
    errors: [
      'spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook',
      'spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook',
    ],
  },
  {
    rule: 'a strategy of webhooks needs one',
    accepted: { 'spec.conversion': { strategy: 'Webhook', webhook } },
    refused: { 'spec.conversion': { strategy: 'Webhook' } },
    errors: [
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
      'spec.conversion.conversionReviewVersions: Required value',
    ],
  },
  conversionRule('versions of reviews are needed', {}, { conversionReviewVersions: [] }, 'conversionReviewVersions: Required value'),
  conversionRule(
    'versions of reviews are named once',
    { conversionReviewVersions: ['v1', 'v2'] },
    { conversionReviewVersions: ['v1', 'v1'] },
    'conversionReviewVersions[1]: Invalid value: "v1": duplicate version',
  ),
  conversionRule(
    'versions of reviews are labels',
    { conversionReviewVersions: ['v1beta1', 'x'] },
    { conversionReviewVersions: ['v1', '2'] },
    `conversionReviewVersions[1]: Invalid value: "2": ${notDns1035Label}`,
  ),
  conversionRule(
    'a version of reviews is known',
    { conversionReviewVersions: ['v1beta1'] },
    { conversionReviewVersions: ['v2', 'v3'] },
    'conversionReviewVersions: Invalid value: ["v2","v3"]: must include at least one of v1, v1beta1',
  ),
  conversionRule(
    'a converter is a URL or a service',
    { clientConfig: { service } },
    { clientConfig: { ...webhook.clientConfig, service } },
    'webhookClientConfig: Required value: exactly one of url or service is required',
  ),
  conversionRule(
    'a converter is asked by HTTPS',
    {},
    { clientConfig: { url: 'http://a' } },
    `webhookClientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
  ),
  conversionRule(
    'the service of a converter has a name',
    { clientConfig: { service } },
    { clientConfig: { service: { ...service, name: '' } } },
    `${serviceAt}.namespace: Required value`,
  ),
  conversionRule(
    'the service of a converter has a namespace',
    { clientConfig: { service } },
    { clientConfig: { service: { ...service, namespace: '' } } },
    `${serviceAt}.name: Required value`,
  ),
  conversionRule(
    'the service of a converter has a port',
    { clientConfig: { service: { ...service, port: 65535 } } },
    { clientConfig: { service: { ...service, port: 65536 } } },
    `${serviceAt}.port: Invalid value: 65536: port is not valid: must be between 1 and 65535, inclusive`,
  ),
];
