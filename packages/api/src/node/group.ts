import { defineGroup } from '@keelson/server';
import { runtimeClasses } from './runtime-classes.js';

export const nodeGroup = defineGroup({
  group: 'node.k8s.io',
  priority: 16300,
  versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
  resources: [runtimeClasses],
});
