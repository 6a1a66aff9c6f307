import { defineGroup } from '@keelson/server';
import { storageVersionMigrations } from './storage-version-migrations.js';

export const storageMigrationGroup = defineGroup({
  group: 'storagemigration.k8s.io',
  priority: 15800,
  versions: [{ version: 'v1alpha1', priority: 9, enabledByDefault: false }],
  resources: [storageVersionMigrations],
});
