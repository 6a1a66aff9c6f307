import { defineGroup } from '@keelson/server';
import { leaseCandidates } from './lease-candidates.js';
import { leases } from './leases.js';

export const coordinationGroup = defineGroup({
  group: 'coordination.k8s.io',
  priority: 16500,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 13, enabledByDefault: false },
    { version: 'v1alpha2', priority: 12, enabledByDefault: false },
  ],
  resources: [leaseCandidates, leases],
});
