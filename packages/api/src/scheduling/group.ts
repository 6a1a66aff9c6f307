import { defineGroup } from '@keelson/server';
import { priorityClasses } from './priority-classes.js';

export const schedulingGroup = defineGroup({
  group: 'scheduling.k8s.io',
  priority: 16600,
  versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
  resources: [priorityClasses],
});
