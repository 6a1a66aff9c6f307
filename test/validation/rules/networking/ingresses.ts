import type { Rule, RulesOfKind } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notDns1035Label, notPort, notSubdomain, unsupported } from '../format-messages.js';

const path = 'spec.rules[0].http.paths[0]';
const backend = `${path}.backend`;
const service = { name: 'web', port: { number: 80 } };
const resource = { apiGroup: 'a.io', kind: 'Bucket', name: 'b' };
const notWildcard =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric " +
  "characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is " +
  "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const hostRules: Rule[] = [
  fieldRule(
    'a host is a name, not an address',
    'spec.rules[0].host',
    '1.2.3.4.a',
    '1.2.3.4',
    'Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
  ),
  fieldRule('a host is a subdomain', 'spec.rules[0].host', 'a.b-c', 'A', `Invalid value: "A": ${notSubdomain}`),
  fieldRule('a host of many is a subdomain of one', 'spec.rules[0].host', '*.a', 'a.*', `Invalid value: "a.*": ${notWildcard}`),
];

const pathRules: Rule[] = [
  {
    rule: 'who serves HTTP has paths',
    accepted: { 'spec.rules[0].http': undefined },
    refused: { 'spec.rules[0].http.paths': [] },
    errors: ['spec.rules[0].http.paths: Required value'],
  },
  fieldRule('a path has a type', `${path}.pathType`, 'Exact', undefined, 'Required value: pathType must be specified'),
  fieldRule(
    'the type of a path is one that there is',
    `${path}.pathType`,
    'ImplementationSpecific',
    'Glob',
    unsupported('Glob', 'Exact', 'ImplementationSpecific', 'Prefix'),
  ),
  fieldRule('a path is absolute', `${path}.path`, '/', 'a', 'Invalid value: "a": must be an absolute path'),
  {
    rule: 'a path of any type is absolute, unless there is none',
    accepted: { [`${path}.pathType`]: 'ImplementationSpecific', [`${path}.path`]: '' },
    refused: { [`${path}.pathType`]: 'ImplementationSpecific', [`${path}.path`]: 'a//b' },
    errors: [`${path}.path: Invalid value: "a//b": must be an absolute path`],
  },
  ...['//', '/./', '/../', '%2f', '%2F'].map((part) =>
    fieldRule(
      `a path does not contain ${part}`,
      `${path}.path`,
      '/a/b',
      `/a${part}b`,
      `Invalid value: "/a${part}b": must not contain '${part}'`,
    ),
  ),
  ...['/..', '/.'].map((end) =>
    fieldRule(`a path does not end with ${end}`, `${path}.path`, '/a.', `/a${end}`, `Invalid value: "/a${end}": cannot end with '${end}'`),
  ),
  fieldRule(
    'all that is wrong with a path is told',
    `${path}.path`,
    '/a',
    'a//b/.',
    'Invalid value: "a//b/.": must be an absolute path',
    'Invalid value: "a//b/.": must not contain \'//\'',
    'Invalid value: "a//b/.": cannot end with \'/.\'',
  ),
];

function resourceRule(rule: string, change: object, problem: string): Rule {
  const refused = { resource: { ...resource, ...change } };
  return { rule, accepted: { [backend]: { resource } }, refused: { [backend]: refused }, errors: [`${backend}.resource.${problem}`] };
}

const backendRules: Rule[] = [
  fieldRule(
    'a backend is a service or a resource',
    backend,
    { resource },
    { resource, service },
    'Invalid value: "": cannot set both resource and service backends',
  ),
  fieldRule('a backend is something', backend, { service }, {}, 'Invalid value: "": resource or service backend is required'),
  fieldRule('a service has a name', `${backend}.service.name`, 'a', '', 'Required value'),
  fieldRule('the name of a service is a label', `${backend}.service.name`, 'a-1', '1-a', `Invalid value: "1-a": ${notDns1035Label}`),
  {
    rule: 'a port is a number or a name',
    accepted: { [`${backend}.service.port`]: { name: 'http' } },
    refused: { [`${backend}.service.port`]: { name: 'http', number: 80 } },
    errors: [`${backend}: Invalid value: "": cannot set both port name & port number`],
  },
  {
    rule: 'a port is something',
    accepted: { [`${backend}.service.port`]: { number: 1 } },
    refused: { [`${backend}.service.port`]: {} },
    errors: [`${backend}: Required value: port name or number is required`],
  },
  fieldRule('ports are numbered up to 65535', `${backend}.service.port.number`, 65_535, 65_536, `Invalid value: 65536: ${notPort}`),
  {
    rule: 'the name of a port has a letter',
    accepted: { [`${backend}.service.port`]: { name: 'a1' } },
    refused: { [`${backend}.service.port`]: { name: '1' } },
    errors: [`${backend}.service.port.name: Invalid value: "1": must contain at least one letter (a-z)`],
  },
  resourceRule('a resource has a kind', { kind: '' }, 'kind: Required value'),
  resourceRule('a resource has a name', { name: '' }, 'name: Required value'),
  resourceRule('the group of a resource is a subdomain', { apiGroup: 'A' }, `apiGroup: Invalid value: "A": ${notSubdomain}`),
];

const tlsRules: Rule[] = [
  {
    rule: 'hosts of certificates are subdomains',
    accepted: { 'spec.tls': [{ hosts: ['a.b', '*.c'] }] },
    refused: { 'spec.tls': [{ hosts: ['A', '*'] }] },
    errors: [`spec.tls[0].hosts[0]: Invalid value: "A": ${notSubdomain}`, `spec.tls[0].hosts[1]: Invalid value: "*": ${notWildcard}`],
  },
  {
    rule: 'secrets of certificates are named by subdomains',
    accepted: { 'spec.tls': [{ secretName: '' }, { secretName: 'a.b' }] },
    refused: { 'spec.tls': [{ secretName: 'A' }] },
    errors: [`spec.tls[0].secretName: Invalid value: "A": ${notSubdomain}`],
  },
];

const classAnnotation = 'metadata.annotations[kubernetes.io/ingress.class]';

export const ingresses: RulesOfKind = {
  collection: '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
  kind: 'Ingress.networking.k8s.io',
  example: { spec: { rules: [{ host: 'a.b', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] } }] } },
  rules: [
    {
      rule: 'something is served',
      accepted: { spec: { defaultBackend: { service } } },
      refused: { spec: { ingressClassName: 'a' } },
      errors: ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    },
    {
      rule: 'no rules serve nothing',
      accepted: { spec: { defaultBackend: { service }, rules: [] } },
      refused: { spec: { rules: [] } },
      errors: ['spec: Invalid value: []: either `defaultBackend` or `rules` must be specified'],
    },
    {
      rule: 'what serves by default is something',
      accepted: { 'spec.defaultBackend': { resource } },
      refused: { 'spec.defaultBackend': {} },
      errors: ['spec.defaultBackend: Invalid value: "": resource or service backend is required'],
    },
    ...hostRules,
    ...pathRules,
    ...backendRules,
    ...tlsRules,
    fieldRule('the class is named by a subdomain', 'spec.ingressClassName', 'a.b', 'A', `Invalid value: "A": ${notSubdomain}`),
    {
      rule: 'a new ingress is of one class',
      accepted: { [classAnnotation]: 'a', 'spec.ingressClassName': 'a' },
      refused: { [classAnnotation]: 'a', 'spec.ingressClassName': 'b' },
      errors: ['annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName` when both are specified'],
    },
    {
      rule: 'a changed ingress may be of two, but serves something',
      on: 'update',
      before: { [classAnnotation]: 'a' },
      accepted: { 'spec.ingressClassName': 'b' },
      refused: { 'spec.rules': undefined },
      errors: ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    },
    {
      rule: 'where it is reached is an address or a name',
      on: 'update/status',
      accepted: { 'status.loadBalancer.ingress': [{ ip: '1.2.3.4' }, { hostname: 'a.b' }] },
      refused: { 'status.loadBalancer.ingress': [{ hostname: '1.2.3.4' }] },
      errors: ['status.loadBalancer.ingress[0].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address'],
    },
  ],
};
