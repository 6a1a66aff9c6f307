import { path } from '@keelson/machinery';
import { storage } from '@keelson/schema';
import { age, col, defineResource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { labelKeyWarnings } from '../warnings/node-label-warnings.js';
import { validateStorageClass } from './storage-classes-validation.js';

type StorageClass = storage.v1.StorageClass;

const defaultClassAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

/** True for the class that claims without a class get. */
function isDefaultStorageClass({ metadata }: StorageClass): boolean {
  return defaultClassAnnotations.some((annotation) => metadata.annotations?.[annotation] === 'true');
}

function nameText(storageClass: StorageClass): string {
  const name = storageClass.metadata.name ?? '';
  return isDefaultStorageClass(storageClass) ? `${name} (default)` : name;
}

function warnings({ allowedTopologies = [] }: StorageClass): string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) => {
    const at = path('allowedTopologies').index(i).child('matchLabelExpressions');
    return matchLabelExpressions.flatMap(({ key }, j) => labelKeyWarnings(key, at.index(j).child('key')));
  });
}

export const storageClasses = defineResource<StorageClass>(storage.v1.StorageClass, {
  names: { plural: 'storageclasses', short: ['sc'] },
  scope: 'Cluster',
  storage: { key: 'storageclasses' },
  versions: [removedVersion(storage.v1beta1.StorageClass, { deprecated: '1.19', removed: '1.22', use: storage.v1.StorageClass })],
  deleteReturns: 'object',
  defaults(storageClass) {
    storageClass.reclaimPolicy ??= 'Delete';
    storageClass.volumeBindingMode ??= 'Immediate';
  },
  validate: validateStorageClass,
  warnings,
  columns: [
    col('Name', nameText, { format: 'name' }),
    col('Provisioner', ({ provisioner }) => provisioner),
    col('ReclaimPolicy', ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete'),
    col('VolumeBindingMode', ({ volumeBindingMode }) => volumeBindingMode ?? 'Immediate'),
    col('AllowVolumeExpansion', ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false),
    age(),
  ],
});
