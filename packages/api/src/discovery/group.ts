import { defineGroup } from '@keelson/server';
import { endpointSlices } from './endpoint-slices.js';

export const discoveryGroup = defineGroup({
  group: 'discovery.k8s.io',
  priority: 16200,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 12, enabledByDefault: false, removed: true },
  ],
  resources: [endpointSlices],
});
