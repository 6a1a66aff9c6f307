import { extensions, networking } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { selectorText } from '../printing/selector-text.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { validateNetworkPolicy } from './network-policies-validation.js';
import { networkPolicyWarnings } from './network-policy-warnings.js';

type NetworkPolicy = networking.v1.NetworkPolicy;

function defaults({ spec }: NetworkPolicy): void {
  for (const { ports = [] } of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of ports) port.protocol ??= 'TCP';
  }
  // A policy is about incoming traffic always, and about outgoing traffic when it says something of it.
  if (!spec.policyTypes || spec.policyTypes.length === 0) {
    spec.policyTypes = (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
}

export const networkPolicies = defineResource<NetworkPolicy>(networking.v1.NetworkPolicy, {
  names: { plural: 'networkpolicies', short: ['netpol'] },
  scope: 'Namespaced',
  storage: { key: 'networkpolicies' },
  versions: [removedVersion(extensions.v1beta1.NetworkPolicy, { deprecated: '1.9', removed: '1.16', use: networking.v1.NetworkPolicy })],
  generationOf: ({ spec }) => spec,
  defaults,
  validate: (policy, old) => repeatedOnUpdate(validateNetworkPolicy(policy, old), old),
  warnings: networkPolicyWarnings,
  columns: [nameColumn(), col('Pod-Selector', ({ spec }) => selectorText(spec.podSelector)), age()],
});
