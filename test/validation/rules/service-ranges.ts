import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';

const cidrs = 'spec.cidrs';
const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

export const serviceCidrs: RulesOfKind = {
  collection: '/apis/networking.k8s.io/v1/servicecidrs',
  kind: 'ServiceCIDR.networking.k8s.io',
  example: { spec: { cidrs: ['10.200.0.0/24'] } },
  rules: [
    fieldRule('there is a range', cidrs, ['10.200.0.0/24'], [], 'Required value: at least one CIDR required'),
    fieldRule(
      'there are two ranges at most',
      cidrs,
      ['10.200.0.0/24', '2001:db8::/96'],
      ['10.200.0.0/24', '2001:db8::/96', '10.201.0.0/24'],
      'Invalid value: {"CIDRs":["10.200.0.0/24","2001:db8::/96","10.201.0.0/24"]}: may only hold up to 2 values',
    ),
    fieldRule(
      'ranges are one a family',
      cidrs,
      ['2001:db8::/96', '10.200.0.0/24'],
      ['10.200.0.0/24', '10.201.0.0/24'],
      'Invalid value: ["10.200.0.0/24","10.201.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ),
    {
      rule: 'ranges are ranges',
      accepted: { [cidrs]: ['10.200.0.0/24'] },
      refused: { [cidrs]: ['a'] },
      errors: [`spec.cidrs[0]: Invalid value: "a": ${notCidr}`],
    },
    {
      rule: 'a range stays',
      on: 'update',
      accepted: { [cidrs]: ['10.200.0.0/24', '2001:db8::/96'] },
      refused: { [cidrs]: ['10.201.0.0/24'] },
      errors: ['spec.cidrs[0]: Invalid value: "10.201.0.0/24": field is immutable'],
    },
  ],
};

const parent = 'spec.parentRef';

export const ipAddresses: RulesOfKind = {
  collection: '/apis/networking.k8s.io/v1/ipaddresses',
  kind: 'IPAddress.networking.k8s.io',
  example: { metadata: { name: '10.200.0.9' }, spec: { parentRef: { resource: 'services', namespace: 'default', name: 'a' } } },
  rules: [
    fieldRule(
      'an address is named by itself',
      'metadata.name',
      '2001:db8::1',
      'a',
      'Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ),
    fieldRule(
      'an address is written in one way',
      'metadata.name',
      '10.200.0.1',
      '2001:db8:0::1',
      'Invalid value: "2001:db8:0::1": must be in canonical form ("2001:db8::1")',
    ),
    fieldRule('an address is of something', parent, { resource: 'services', name: 'b' }, undefined, 'Required value'),
    fieldRule('what an address is of has a resource', `${parent}.resource`, 'services', '', 'Required value'),
    fieldRule('what an address is of has a name', `${parent}.name`, 'b', '', 'Required value'),
  ],
};

/** Addresses of their own, to be changed: as many as there are names for rules. */
export const changedIpAddresses: RulesOfKind = {
  ...ipAddresses,
  example: { spec: { parentRef: { resource: 'services', namespace: 'default', name: 'a' } } },
  named: (name) => ({ 'metadata.name': `2001:db8::${Number(name.replace(/\D/g, '')).toString(16)}` }),
  rules: [
    {
      rule: 'an address stays with what it is of',
      on: 'update',
      accepted: { 'metadata.labels': { a: 'b' } },
      refused: { [`${parent}.name`]: 'c' },
      errors: [`${parent}: Invalid value: {"Group":"","Resource":"services","Namespace":"default","Name":"c"}: field is immutable`],
    },
    {
      rule: 'an address stays with something',
      on: 'update',
      accepted: { 'metadata.annotations': { a: 'b' } },
      refused: { [parent]: undefined },
      errors: [`${parent}: Required value`, `${parent}: Invalid value: null: field is immutable`],
    },
  ],
};
