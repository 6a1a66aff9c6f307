import { defineGroup } from '@keelson/server';
import { podDisruptionBudgets } from './pod-disruption-budgets.js';

export const policyGroup = defineGroup({
  group: 'policy',
  priority: 17100,
  versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
  resources: [podDisruptionBudgets],
});
