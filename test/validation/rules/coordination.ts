import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { negative } from './format-messages.js';

export const leases: RulesOfKind = {
  collection: '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  kind: 'Lease.coordination.k8s.io',
  example: { spec: { holderIdentity: 'me' } },
  rules: [
    fieldRule('a lease lasts', 'spec.leaseDurationSeconds', 1, 0, 'Invalid value: 0: must be greater than 0'),
    fieldRule('transitions are counted', 'spec.leaseTransitions', 0, -1, `Invalid value: -1: ${negative}`),
    {
      rule: 'a changed lease lasts',
      on: 'update',
      accepted: { 'spec.leaseDurationSeconds': 15 },
      refused: { 'spec.leaseDurationSeconds': -1 },
      errors: ['spec.leaseDurationSeconds: Invalid value: -1: must be greater than 0'],
    },
  ],
};
