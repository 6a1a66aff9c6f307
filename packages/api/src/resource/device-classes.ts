import { type FieldError, path, semanticallyEqual } from '@keelson/machinery';
import { resource } from '@keelson/schema';
import { age, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { gatedInDeviceClasses } from '../features/gated-fields.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { v1beta1Lifecycle, v1beta2Lifecycle } from './deprecation.js';
import { validateConfigurations, validateSelectors } from './device-validation.js';

type DeviceClass = resource.v1beta2.DeviceClass;

function validate({ spec }: DeviceClass, old: DeviceClass | undefined): FieldError[] {
  const at = path('spec');
  const isStored = (field: 'selectors' | 'config') => old !== undefined && semanticallyEqual(spec[field], old.spec[field]);
  const findings = [
    ...validateSelectors(spec.selectors, at.child('selectors'), isStored('selectors')),
    ...validateConfigurations(spec.config, at.child('config'), isStored('config')),
  ];
  return repeatedOnUpdate(findings, old);
}

/** KEP-4381. All versions have one shape. */
export const deviceClasses = defineResource<DeviceClass>(resource.v1beta2.DeviceClass, {
  names: { plural: 'deviceclasses' },
  scope: 'Cluster',
  storage: { key: 'deviceclasses' },
  deprecationWarning: deprecationText(resource.v1beta2.DeviceClass, v1beta2Lifecycle),
  versions: [
    { kind: resource.v1.DeviceClass },
    { kind: resource.v1beta1.DeviceClass, deprecationWarning: deprecationText(resource.v1beta1.DeviceClass, v1beta1Lifecycle) },
  ],
  deleteReturns: 'object',
  generationOf: ({ spec }) => spec,
  gatedFields: gatedInDeviceClasses,
  validate,
  columns: [nameColumn(), age()],
});
