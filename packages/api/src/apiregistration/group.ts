import { defineGroup } from '@keelson/server';
import { apiServices } from './api-services.js';

export const apiRegistrationGroup = defineGroup({
  group: 'apiregistration.k8s.io',
  priority: 20000,
  versions: [
    { version: 'v1', priority: 18, enabledByDefault: true },
    { version: 'v1beta1', priority: 16, enabledByDefault: false, removed: true },
  ],
  resources: [apiServices],
});
