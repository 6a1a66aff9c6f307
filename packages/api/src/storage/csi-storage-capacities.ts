import {
  dns1123Subdomain,
  type FieldError,
  invalidField,
  path,
  Quantity,
  validateImmutable,
  validateObjectSelector,
} from '@keelson/machinery';
import { storage } from '@keelson/schema';
import { defineResource } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { validateForm } from '../validation/names.js';
import { nodeLabelSelectorWarnings } from '../warnings/node-label-warnings.js';

type CSIStorageCapacity = storage.v1.CSIStorageCapacity;

function validateSize(capacity: CSIStorageCapacity, field: 'capacity' | 'maximumVolumeSize'): FieldError[] {
  const size = capacity[field];
  if (size === undefined || Quantity.parse(size).sign >= 0) return [];
  return [invalidField(path(field), size, 'must be greater than or equal to 0')];
}

function validate(capacity: CSIStorageCapacity, old: CSIStorageCapacity | undefined): FieldError[] {
  const { nodeTopology, storageClassName } = capacity;
  return [
    ...validateForm(storageClassName, path('storageClassName'), dns1123Subdomain),
    ...validateSize(capacity, 'capacity'),
    ...validateSize(capacity, 'maximumVolumeSize'),
    ...validateObjectSelector(nodeTopology, path('nodeTopology')),
    ...(old === undefined ? [] : validateImmutable(nodeTopology ?? null, old.nodeTopology ?? null, path('nodeTopology'))),
    ...(old === undefined ? [] : validateImmutable(storageClassName, old.storageClassName, path('storageClassName'))),
  ];
}

export const csiStorageCapacities = defineResource<CSIStorageCapacity>(storage.v1.CSIStorageCapacity, {
  names: { plural: 'csistoragecapacities' },
  scope: 'Namespaced',
  storage: { key: 'csistoragecapacities' },
  versions: [
    removedVersion(storage.v1beta1.CSIStorageCapacity, { deprecated: '1.24', removed: '1.27', use: storage.v1.CSIStorageCapacity }),
    removedVersion(storage.v1alpha1.CSIStorageCapacity, { deprecated: '1.21', removed: '1.24', use: storage.v1beta1.CSIStorageCapacity }),
  ],
  unconditionalUpdate: false,
  validate,
  warnings: ({ nodeTopology }) => nodeLabelSelectorWarnings(nodeTopology, path('nodeTopology')),
});
