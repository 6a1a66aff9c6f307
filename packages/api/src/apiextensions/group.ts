import { defineGroup } from '@keelson/server';
import { customResourceDefinitions } from './custom-resource-definitions.js';

export const apiExtensionsGroup = defineGroup({
  group: 'apiextensions.k8s.io',
  priority: 16700,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false, removed: true },
  ],
  resources: [customResourceDefinitions],
});
