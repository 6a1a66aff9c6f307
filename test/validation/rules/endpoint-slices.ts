import type { Change } from '../change.js';
import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { notIp, notLabel, notPrefixedName, notSubdomain, unsupported } from './format-messages.js';

const endpoint = 'endpoints[0]';
const one = { addresses: ['10.0.0.1'] };
const endpoints = (count: number) => Array.from({ length: count }, () => one);
const addresses = (count: number) => Array.from({ length: count }, (_, i) => `10.0.0.${i + 1}`);
const ports = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `p${i}`, port: 80 }));
const zones = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `z${i}` }));

function addressRule(rule: string, type: string, accepted: string, refused: string, ...problems: readonly string[]): Rule {
  const at = (address: string): Change => ({ addressType: type, [`${endpoint}.addresses`]: [address] });
  return { rule, accepted: at(accepted), refused: at(refused), errors: problems.map((problem) => `${endpoint}.addresses[0]: ${problem}`) };
}

/** Reported of all addresses of the endpoint. */
function familyRule(type: string, accepted: string, refused: string): Rule {
  const { errors: _errors, ...rule } = addressRule(`an ${type} address is one`, type, accepted, refused);
  return { ...rule, errors: [`${endpoint}.addresses: Invalid value: "${refused}": must be an ${type} address`] };
}

export const endpointSlices: RulesOfKind = {
  collection: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  kind: 'EndpointSlice.discovery.k8s.io',
  example: { addressType: 'IPv4', endpoints: [one], ports: [{ name: 'http', port: 80 }] },
  rules: [
    fieldRule('addresses have a type', 'addressType', 'IPv4', '', 'Required value'),
    fieldRule('addresses have a known type', 'addressType', 'IPv4', 'IP', unsupported('IP', 'FQDN', 'IPv4', 'IPv6')),
    {
      rule: 'a type of addresses stays',
      on: 'update',
      before: { endpoints: [] },
      accepted: { addressType: 'IPv4' },
      refused: { addressType: 'IPv6' },
      errors: ['addressType: Invalid value: "IPv6": field is immutable'],
    },
    fieldRule('endpoints are few', 'endpoints', endpoints(1000), endpoints(1001), 'Too many: 1001: must have at most 1000 items'),
    fieldRule('an endpoint has an address', `${endpoint}.addresses`, ['10.0.0.2'], [], 'Required value: must contain at least 1 address'),
    fieldRule(
      'an endpoint has few addresses',
      `${endpoint}.addresses`,
      addresses(100),
      addresses(101),
      'Too many: 101: must have at most 100 items',
    ),
    addressRule('an address is one', 'IPv4', '10.0.0.1', 'a', `Invalid value: "a": ${notIp}`),
    familyRule('IPv4', '10.0.0.1', '2001:db8::1'),
    familyRule('IPv6', '2001:db8::1', '10.0.0.1'),
    addressRule(
      'an address means the same everywhere',
      'IPv4',
      '10.0.0.1',
      '127.0.0.1',
      'Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ),
    addressRule('a name is a domain', 'FQDN', 'a.example.com', 'A.example.com', `Invalid value: "A.example.com": ${notSubdomain}`),
    fieldRule('a host is named by a label', `${endpoint}.hostname`, 'a', 'A', `Invalid value: "A": ${notLabel}`),
    fieldRule('a node is named by a subdomain', `${endpoint}.nodeName`, 'a.b', 'A', `Invalid value: "A": ${notSubdomain}`),
    fieldRule('hints are few', `${endpoint}.hints.forZones`, zones(8), zones(9), 'Too many: 9: must have at most 8 items'),
    {
      rule: 'hints are given once',
      accepted: { [`${endpoint}.hints.forZones`]: [{ name: 'a' }, { name: 'b' }] },
      refused: { [`${endpoint}.hints.forZones`]: [{ name: 'a' }, { name: 'a' }] },
      errors: [`${endpoint}.hints.forZones[1].name: Duplicate value: "a"`],
    },
    fieldRule('ports are not without number', 'ports', ports(20000), ports(20001), 'Too many: 20001: must have at most 20000 items'),
    {
      rule: 'ports have names of their own',
      accepted: { 'ports[1]': { name: 'other', port: 81 } },
      refused: { 'ports[1]': { name: 'http', port: 81 } },
      errors: ['ports[1].name: Duplicate value: "http"'],
    },
    fieldRule('a port is named by a label', 'ports[0].name', 'a-b', 'A', `Invalid value: "A": ${notLabel}`),
    fieldRule('a port has a known protocol', 'ports[0].protocol', 'SCTP', 'ICMP', unsupported('ICMP', 'SCTP', 'TCP', 'UDP')),
    fieldRule(
      'a protocol of applications has a qualified name',
      'ports[0].appProtocol',
      'example.com/a',
      'a/b/c',
      `Invalid value: "a/b/c": ${notPrefixedName}`,
    ),
  ],
};
