import { defineGroup } from '@keelson/server';
import { runtimeClasses } from './runtime-classes.js';

export const nodeGroup = defineGroup({
  group: 'node.k8s.io',
  priority: 16300,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false, removed: true },
    { version: 'v1alpha1', priority: 1, enabledByDefault: false, removed: true },
  ],
  resources: [runtimeClasses],
});
