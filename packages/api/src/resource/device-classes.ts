import { type FieldError, invalidField, path, semanticallyEqual } from '@keelson/machinery';
import { isExtendedResource, resource } from '@keelson/schema';
import { age, defineResource, nameColumn } from '@keelson/server';
import { gatedInDeviceClasses } from '../features/gated-fields.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { validateConfigurations, validateSelectors } from './device-validation.js';
import { servedVersions } from './served-versions.js';

type DeviceClass = resource.v1beta2.DeviceClass;

function validate({ spec }: DeviceClass, old: DeviceClass | undefined): FieldError[] {
  const at = path('spec');
  const isStored = (field: 'selectors' | 'config') => old !== undefined && semanticallyEqual(spec[field], old.spec[field]);
  const { extendedResourceName: name } = spec;
  const findings = [
    ...validateSelectors(spec.selectors, at.child('selectors'), isStored('selectors')),
    ...validateConfigurations(spec.config, at.child('config'), isStored('config')),
    ...(name === undefined || isExtendedResource(name)
      ? []
      : [invalidField(at.child('extendedResourceName'), name, 'must be a valid extended resource name')]),
  ];
  return repeatedOnUpdate(findings, old);
}

export const deviceClasses = defineResource<DeviceClass>(resource.v1beta2.DeviceClass, {
  names: { plural: 'deviceclasses' },
  scope: 'Cluster',
  storage: { key: 'deviceclasses' },
  ...servedVersions({ v1: resource.v1.DeviceClass, v1beta2: resource.v1beta2.DeviceClass, v1beta1: resource.v1beta1.DeviceClass }),
  deleteReturns: 'object',
  generationOf: ({ spec }) => spec,
  gatedFields: gatedInDeviceClasses,
  validate,
  columns: [nameColumn(), age()],
});
