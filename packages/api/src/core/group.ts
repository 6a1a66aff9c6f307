import { defineGroup } from '@keelson/server';
import { configMaps } from './config-maps.js';

/** The core group, served below /api. */
export const coreGroup = defineGroup({
  group: '',
  priority: 18000,
  versions: [{ version: 'v1', priority: 1, enabledByDefault: true }],
  resources: [configMaps],
});
