import { defineGroup } from '@keelson/server';
import { deployments } from './deployments.js';

export const appsGroup = defineGroup({
  group: 'apps',
  priority: 17800,
  versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
  resources: [deployments],
});
