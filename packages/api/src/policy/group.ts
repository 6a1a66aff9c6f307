import { defineGroup } from '@keelson/server';
import { podDisruptionBudgets } from './pod-disruption-budgets.js';

export const policyGroup = defineGroup({
  group: 'policy',
  priority: 17100,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false, removed: true },
  ],
  resources: [podDisruptionBudgets],
});
