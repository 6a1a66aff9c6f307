import { apiserverinternal } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status } from '@keelson/server';
import { storageVersionName, validateStorageVersionStatus } from './storage-versions-validation.js';

type StorageVersion = apiserverinternal.v1alpha1.StorageVersion;

/** Each server and how it stores the resource: `server-1=v1,server-2=v1`. */
function serversText({ status }: StorageVersion): string {
  const versions = status.storageVersions ?? [];
  return versions.map(({ apiServerID = '', encodingVersion = '' }) => `${apiServerID}=${encodingVersion}`).join(',') || '<unset>';
}

/** KEP-2339: how each server stores a resource, so that stored objects can be brought up to date. */
export const storageVersions = defineResource<StorageVersion>(apiserverinternal.v1alpha1.StorageVersion, {
  names: { plural: 'storageversions' },
  scope: 'Cluster',
  metadataChecks: { own: 0, changes: 0 },
  storage: { key: 'storageversions' },
  unconditionalUpdate: false,
  resetFields: ['status'],
  nameForm: storageVersionName,
  subresources: {
    status: status<StorageVersion>({ keeps: ['metadata', 'spec'], validate: (version) => validateStorageVersionStatus(version.status) }),
  },
  columns: [
    nameColumn(),
    col('CommonEncodingVersion', ({ status }) => status.commonEncodingVersion ?? '<unset>'),
    col('StorageVersions', serversText),
    age(),
  ],
});
