import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { negative, notQualifiedName, unsupported } from './format-messages.js';

const taint = { key: 'a', value: 'b', effect: 'NoSchedule' };
const notCidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const shownTaint = '{"Key":"a","Value":"b","Effect":"NoSchedule","TimeAdded":null}';
const address = { type: 'InternalIP', address: '10.0.0.1' };

export const nodes: RulesOfKind = {
  collection: '/api/v1/nodes',
  kind: 'Node',
  example: { spec: {} },
  rules: [
    {
      rule: 'a taint has a qualified name',
      accepted: { 'spec.taints': [{ ...taint, key: 'example.com/a' }] },
      refused: { 'spec.taints': [{ ...taint, key: 'a b' }] },
      errors: [`metadata.taints[0].key: Invalid value: "a b": ${notQualifiedName}`],
    },
    {
      rule: 'a taint has an effect',
      accepted: { 'spec.taints': [{ ...taint, effect: 'NoExecute' }] },
      refused: { 'spec.taints': [{ key: 'a' }] },
      errors: ['metadata.taints[0].effect: Required value'],
    },
    {
      rule: 'a taint has a known effect',
      accepted: { 'spec.taints': [{ ...taint, effect: 'PreferNoSchedule' }] },
      refused: { 'spec.taints': [{ ...taint, effect: 'Never' }] },
      errors: [`metadata.taints[0].effect: ${unsupported('Never', 'NoSchedule', 'PreferNoSchedule', 'NoExecute')}`],
    },
    {
      rule: 'taints are told once',
      accepted: { 'spec.taints': [taint, { ...taint, effect: 'NoExecute' }] },
      refused: { 'spec.taints': [taint, taint] },
      errors: [`metadata.taints[1]: Duplicate value: ${shownTaint}: taints must be unique by key and effect pair`],
    },
    {
      rule: 'ranges of pods are ranges',
      accepted: { 'spec.podCIDRs': ['10.0.0.0/24'] },
      refused: { 'spec.podCIDRs': ['10.0.0.0'] },
      errors: [`spec.podCIDRs[0]: Invalid value: "10.0.0.0": ${notCidr}`],
    },
    fieldRule(
      'ranges of pods are one a family',
      'spec.podCIDRs',
      ['10.0.0.0/24', '2001:db8::/64'],
      ['10.0.0.0/24', '10.0.1.0/24'],
      'Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family',
    ),
    {
      rule: 'a capacity is not negative',
      accepted: { 'status.capacity': { cpu: '0' } },
      refused: { 'status.capacity': { cpu: '-1' } },
      errors: [`status.capacity.cpu: Invalid value: "-1": ${negative}`, `status.allocatable.cpu: Invalid value: "-1": ${negative}`],
    },
    {
      rule: 'ranges of pods stay',
      on: 'update',
      before: { 'spec.podCIDRs': ['10.0.0.0/24'] },
      accepted: { 'spec.unschedulable': true },
      refused: { 'spec.podCIDR': '10.0.1.0/24', 'spec.podCIDRs': ['10.0.1.0/24'] },
      errors: ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid'],
    },
    {
      rule: 'the name at a provider stays',
      on: 'update',
      before: { 'spec.providerID': 'a' },
      accepted: { 'spec.unschedulable': true },
      refused: { 'spec.providerID': 'b' },
      errors: ['spec.providerID: Forbidden: node updates may not change providerID except from "" to valid'],
    },
    {
      rule: 'addresses are told once',
      on: 'update/status',
      accepted: { 'status.addresses': [address, { ...address, type: 'ExternalIP' }] },
      refused: { 'status.addresses': [address, address] },
      errors: ['status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"10.0.0.1"}'],
    },
  ],
};
