import type { Change } from '../change.js';
import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { notDns1035Label, notPort, notSubdomain } from './format-messages.js';

const service = { namespace: 'default', name: 'extra', port: 443 };
const bundle = Buffer.from('a certificate').toString('base64');

function nameRule(rule: string, accepted: Change, refused: Change, ...errors: readonly string[]): Rule {
  return { rule, accepted, refused, errors };
}

const named = (version: string, group: string, name = `${version}.${group}`) => ({
  'metadata.name': name,
  'spec.version': version,
  'spec.group': group,
});

export const apiServices: RulesOfKind = {
  collection: '/apis/apiregistration.k8s.io/v1/apiservices',
  kind: 'APIService.apiregistration.k8s.io',
  example: {
    metadata: { name: 'v1.rules.example.org' },
    spec: {
      group: 'rules.example.org',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 10,
      service,
      insecureSkipTLSVerify: true,
    },
  },
  rules: [
    nameRule(
      'an APIService is named by version and group',
      named('v2', 'rules.example.org'),
      named('v2', 'rules.example.org', 'v1.rules.example.org'),
      'metadata.name: Invalid value: "v1.rules.example.org": must be `spec.version+"."+spec.group`: "v2.rules.example.org"',
    ),
    nameRule('a group is a subdomain', named('v1', 'rules.a'), named('v1', 'Rules'), `spec.group: Invalid value: "Rules": ${notSubdomain}`),
    nameRule(
      'only v1 has no group',
      named('v2', 'a'),
      named('v2', ''),
      'spec.group: Required value: only v1 may have an empty group and it better be legacy kube',
    ),
    nameRule('a version is a label', named('v1alpha1', 'a'), named('1', 'a'), `spec.version: Invalid value: "1": ${notDns1035Label}`),
    fieldRule(
      'the priority of a group is positive',
      'spec.groupPriorityMinimum',
      1,
      0,
      'Invalid value: 0: must be positive and less than 20000',
    ),
    fieldRule(
      'the priority of a group has a limit',
      'spec.groupPriorityMinimum',
      20000,
      20001,
      'Invalid value: 20001: must be positive and less than 20000',
    ),
    fieldRule(
      'the priority of a version is positive',
      'spec.versionPriority',
      1,
      -1,
      'Invalid value: -1: must be positive and less than 1000',
    ),
    fieldRule(
      'the priority of a version has a limit',
      'spec.versionPriority',
      1000,
      1001,
      'Invalid value: 1001: must be positive and less than 1000',
    ),
    {
      rule: 'what is local has no certificates',
      before: { 'spec.service': undefined, 'spec.insecureSkipTLSVerify': undefined },
      accepted: { 'spec.caBundle': undefined },
      refused: { 'spec.caBundle': bundle },
      errors: ['spec.caBundle: Invalid value: "13 bytes": local APIServices may not have a caBundle'],
    },
    {
      rule: 'what is local is not insecure',
      before: { 'spec.service': undefined },
      accepted: { 'spec.insecureSkipTLSVerify': false },
      refused: { 'spec.insecureSkipTLSVerify': true },
      errors: ['spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify'],
    },
    fieldRule('a service is in a namespace', 'spec.service.namespace', 'other', '', 'Required value'),
    fieldRule('a service has a name', 'spec.service.name', 'other', '', 'Required value'),
    fieldRule('a service has a port', 'spec.service.port', 65535, 65536, `Invalid value: 65536: port is not valid: ${notPort}`),
    {
      rule: 'what is not verified has no certificates',
      accepted: { 'spec.insecureSkipTLSVerify': false, 'spec.caBundle': bundle },
      refused: { 'spec.caBundle': bundle },
      errors: ['spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present'],
    },
  ],
};
