import { type FieldError, forbiddenField, path, semanticallyEqual, validateImmutable } from '@keelson/machinery';
import { type storage, wasSentEmpty } from '@keelson/schema';
import { validateOptionalEnumerated, validateSetEnumerated } from '../validation/enumerated.js';
import { validateProvisioner } from './driver-names.js';
import { validateDriverParameters } from './driver-parameters.js';
import { validateTopologyTerms } from './topology-terms-validation.js';

type StorageClass = storage.v1.StorageClass;

/** A class describes the volumes already made with it, so hardly anything may change. */
function validateUpdate(storageClass: StorageClass, old: StorageClass): FieldError[] {
  const fixed = ['parameters', 'provisioner', 'reclaimPolicy'] as const;
  const isChanged = (field: (typeof fixed)[number]) => !semanticallyEqual(storageClass[field] ?? {}, old[field] ?? {});
  // Empty parameters are not the same as none here.
  const changed = fixed.filter((field) => isChanged(field) || wasSentEmpty(storageClass, field));
  return [
    ...changed.map((field) => forbiddenField(path(field), `updates to ${field} are forbidden.`)),
    ...validateImmutable(storageClass.volumeBindingMode, old.volumeBindingMode, path('volumeBindingMode')),
  ];
}

export function validateStorageClass(storageClass: StorageClass, old: StorageClass | undefined): FieldError[] {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies } = storageClass;
  return [
    ...validateProvisioner(provisioner, path('provisioner')),
    ...validateDriverParameters(parameters, path('parameters'), { allowEmpty: true }),
    ...(reclaimPolicy === '' ? [] : validateOptionalEnumerated(reclaimPolicy, path('reclaimPolicy'), ['Delete', 'Retain'])),
    ...validateSetEnumerated(volumeBindingMode, path('volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer']),
    ...validateTopologyTerms(allowedTopologies, path('allowedTopologies')),
    ...(old === undefined ? [] : validateUpdate(storageClass, old)),
  ];
}
