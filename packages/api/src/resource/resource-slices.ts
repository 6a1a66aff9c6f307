import { formatGroupVersion, timeNow } from '@keelson/machinery';
import { resource } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { gatedInSlices } from '../features/gated-fields.js';
import { sliceFromHub, sliceToHub } from './beta-conversion.js';
import { servedVersions } from './served-versions.js';
import { validateSlice } from './slices-validation.js';

type ResourceSlice = resource.v1beta2.ResourceSlice;

function defaults({ spec }: ResourceSlice): void {
  for (const device of spec.devices ?? []) {
    for (const taint of device.taints ?? []) taint.timeAdded ??= timeNow();
  }
}

/** Every kubelet and driver watches those of its node. */
export const resourceSlices = defineResource<ResourceSlice>(resource.v1beta2.ResourceSlice, {
  names: { plural: 'resourceslices' },
  scope: 'Cluster',
  metadataChecks: { own: 0 },
  storage: { key: 'resourceslices', triggerField: 'spec.nodeName' },
  ...servedVersions(
    { v1: resource.v1.ResourceSlice, v1beta2: resource.v1beta2.ResourceSlice, v1beta1: resource.v1beta1.ResourceSlice },
    { toHub: sliceToHub, fromHub: sliceFromHub },
  ),
  deleteReturns: 'object',
  selectableFields: { 'spec.nodeName': ({ spec }) => spec.nodeName ?? '', 'spec.driver': ({ spec }) => spec.driver },
  unsupportedField: (field, version) => `field label not supported for ${formatGroupVersion(version)}, Kind=${version.kind}: ${field}`,
  generationOf: ({ spec }) => spec,
  countsDisabled: true,
  defaults,
  gatedFields: gatedInSlices,
  validate: validateSlice,
  columns: [
    nameColumn(),
    col('Node', ({ spec }) => spec.nodeName ?? ''),
    col('Driver', ({ spec }) => spec.driver),
    col('Pool', ({ spec }) => spec.pool.name),
    age(),
  ],
});
