import { defineGroup } from '@keelson/server';
import { priorityClasses } from './priority-classes.js';

export const schedulingGroup = defineGroup({
  group: 'scheduling.k8s.io',
  priority: 16600,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 12, enabledByDefault: false, removed: true },
    { version: 'v1alpha1', priority: 9, enabledByDefault: false, removed: true },
  ],
  resources: [priorityClasses],
});
