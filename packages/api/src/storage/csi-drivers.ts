import { semanticallyEqual } from '@keelson/machinery';
import { storage } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { gatedInDrivers } from '../features/gated-fields.js';
import { validateCsiDriver } from './csi-drivers-validation.js';

type CSIDriver = storage.v1.CSIDriver;

function defaults({ spec }: CSIDriver): void {
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

/** Unlike elsewhere the first change makes generation 1: a new driver has none. */
function countSpecChanges({ metadata, spec }: CSIDriver, old: CSIDriver): void {
  if (!semanticallyEqual(spec, old.spec)) metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function tokenAudiences({ spec }: CSIDriver): string {
  return (spec.tokenRequests ?? []).map(({ audience }) => audience).join(',') || '<unset>';
}

export const csiDrivers = defineResource<CSIDriver>(storage.v1.CSIDriver, {
  names: { plural: 'csidrivers' },
  scope: 'Cluster',
  metadataChecks: { own: 0 },
  storage: { key: 'csidrivers' },
  versions: [removedVersion(storage.v1beta1.CSIDriver, { deprecated: '1.19', removed: '1.22', use: storage.v1.CSIDriver })],
  unconditionalUpdate: false,
  deleteReturns: 'object',
  defaults,
  gatedFields: gatedInDrivers,
  prepareForUpdate: countSpecChanges,
  validate: validateCsiDriver,
  columns: [
    nameColumn(),
    col('AttachRequired', ({ spec }) => spec.attachRequired ?? true, { type: 'boolean' }),
    col('PodInfoOnMount', ({ spec }) => spec.podInfoOnMount ?? false, { type: 'boolean' }),
    col('StorageCapacity', ({ spec }) => spec.storageCapacity ?? false, { type: 'boolean' }),
    col('TokenRequests', tokenAudiences),
    col('RequiresRepublish', ({ spec }) => spec.requiresRepublish ?? false, { type: 'boolean' }),
    col('Modes', ({ spec }) => (spec.volumeLifecycleModes ?? []).join(',') || '<none>'),
    age(),
  ],
});
