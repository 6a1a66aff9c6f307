import { defineGroup } from '@keelson/server';
import { apiServices } from './api-services.js';

export const apiRegistrationGroup = defineGroup({
  group: 'apiregistration.k8s.io',
  // Before all that an APIService can ask for.
  priority: 20001,
  versions: [
    { version: 'v1', priority: 18, enabledByDefault: true },
    { version: 'v1beta1', priority: 16, enabledByDefault: false, removed: true },
  ],
  resources: [apiServices],
});
