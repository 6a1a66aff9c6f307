import { defineGroup } from '@keelson/server';
import { flowSchemas } from './flow-schemas.js';
import { priorityLevelConfigurations } from './priority-level-configurations.js';

export const flowControlGroup = defineGroup({
  group: 'flowcontrol.apiserver.k8s.io',
  priority: 16100,
  versions: [
    { version: 'v1', priority: 21, enabledByDefault: true },
    { version: 'v1beta3', priority: 18, enabledByDefault: false, removed: true },
    { version: 'v1beta2', priority: 15, enabledByDefault: false, removed: true },
    { version: 'v1beta1', priority: 12, enabledByDefault: false, removed: true },
  ],
  resources: [flowSchemas, priorityLevelConfigurations],
});
