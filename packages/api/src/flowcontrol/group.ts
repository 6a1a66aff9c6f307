import { defineGroup } from '@keelson/server';
import { flowSchemas } from './flow-schemas.js';
import { priorityLevelConfigurations } from './priority-level-configurations.js';

export const flowControlGroup = defineGroup({
  group: 'flowcontrol.apiserver.k8s.io',
  priority: 16100,
  versions: [{ version: 'v1', priority: 21, enabledByDefault: true }],
  resources: [flowSchemas, priorityLevelConfigurations],
});
