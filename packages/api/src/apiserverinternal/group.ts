import { defineGroup } from '@keelson/server';
import { storageVersions } from './storage-versions.js';

export const apiServerInternalGroup = defineGroup({
  group: 'internal.apiserver.k8s.io',
  priority: 16000,
  versions: [{ version: 'v1alpha1', priority: 9, enabledByDefault: false }],
  resources: [storageVersions],
});
