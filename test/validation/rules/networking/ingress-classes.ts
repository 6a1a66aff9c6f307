import type { Rule, RulesOfKind } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notLabel, notSubdomain, unsupported } from '../format-messages.js';

const at = 'spec.parameters';
const parameters = { apiGroup: 'a.io', kind: 'Settings', name: 's' };
const longest = `a.io/${'b'.repeat(245)}`;

const parameterRules: Rule[] = [
  fieldRule('parameters have a kind', `${at}.kind`, 'A', '', 'Required value'),
  fieldRule('the kind is a part of a path', `${at}.kind`, 'A b', 'a/b', 'Invalid value: "a/b": may not contain \'/\''),
  fieldRule('parameters have a name', `${at}.name`, 'A', '', 'Required value'),
  fieldRule('the name is a part of a path', `${at}.name`, 'a..', '..', 'Invalid value: "..": may not be \'..\''),
  fieldRule('the group of parameters is a subdomain', `${at}.apiGroup`, 'a.b', 'A', `Invalid value: "A": ${notSubdomain}`),
  {
    rule: 'parameters are of the cluster or a namespace',
    accepted: { [`${at}.scope`]: 'Cluster' },
    refused: { [`${at}.scope`]: '' },
    errors: [`${at}.scope: ${unsupported('', 'Cluster', 'Namespace')}`],
  },
  {
    rule: 'parameters of a namespace have one',
    accepted: { [`${at}.scope`]: 'Namespace', [`${at}.namespace`]: 'a' },
    refused: { [`${at}.scope`]: 'Namespace' },
    errors: [`${at}.namespace: Required value: \`parameters.scope\` is set to 'Namespace'`],
  },
  {
    rule: 'the namespace is a label',
    accepted: { [`${at}.scope`]: 'Namespace', [`${at}.namespace`]: 'a-1' },
    refused: { [`${at}.scope`]: 'Namespace', [`${at}.namespace`]: 'A' },
    errors: [`${at}.namespace: Invalid value: "A": ${notLabel}`],
  },
  {
    rule: 'parameters of the cluster have no namespace',
    accepted: { [`${at}.scope`]: undefined },
    refused: { [`${at}.namespace`]: 'a' },
    errors: [`${at}.namespace: Forbidden: \`parameters.scope\` is set to 'Cluster'`],
  },
];

export const ingressClasses: RulesOfKind = {
  collection: '/apis/networking.k8s.io/v1/ingressclasses',
  kind: 'IngressClass.networking.k8s.io',
  example: { spec: { controller: 'a.io/b', parameters } },
  rules: [
    fieldRule(
      'the controller has a name with a domain',
      'spec.controller',
      'a.io/b/c',
      'b',
      'Invalid value: "b": must be a domain-prefixed path (such as "acme.io/foo")',
    ),
    fieldRule('there is a controller', 'spec.controller', 'a/b', '', 'Required value'),
    fieldRule(
      'the name of the controller has no more than 250 bytes',
      'spec.controller',
      longest,
      `${longest}b`,
      'Too long: may not be more than 250 bytes',
    ),
    ...parameterRules,
    {
      rule: 'the controller does not change',
      on: 'update',
      accepted: { [at]: undefined },
      refused: { 'spec.controller': 'b' },
      errors: [
        'spec.controller: Invalid value: "b": field is immutable',
        'spec.controller: Invalid value: "b": must be a domain-prefixed path (such as "acme.io/foo")',
      ],
    },
  ],
};
