import { storagemigration } from '@keelson/schema';
import { col, defineResource, status } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateMigration, validateMigrationStatus } from './storage-version-migrations-validation.js';

type Migration = storagemigration.v1alpha1.StorageVersionMigration;

/** `deployments.v1.apps`, as kubectl names resources in full. */
function resourceText({ spec }: Migration): string {
  const { group = '', version = '', resource = '' } = spec.resource;
  return [resource, version, group].filter((part) => part !== '').join('.');
}

/** KEP-4192. */
export const storageVersionMigrations = defineResource<Migration>(storagemigration.v1alpha1.StorageVersionMigration, {
  names: { plural: 'storageversionmigrations' },
  scope: 'Cluster',
  feature: 'StorageVersionMigrator',
  storage: { key: 'storageversionmigrations' },
  deprecationWarning: deprecationText(storagemigration.v1alpha1.StorageVersionMigration, { deprecated: '1.33', removed: '1.36' }),
  unconditionalUpdate: false,
  resetFields: ['status'],
  subresources: { status: status<Migration>({ keeps: ['metadata', 'spec'], validate: validateMigrationStatus }) },
  validate: validateMigration,
  columns: [col('Name', ({ metadata }) => metadata.name ?? ''), col('Resource', resourceText)],
});
