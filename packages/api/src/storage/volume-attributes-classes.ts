import { type FieldError, forbiddenField, path, semanticallyEqual } from '@keelson/machinery';
import { storage } from '@keelson/schema';
import { age, col, defineResource } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { validateProvisioner } from './driver-names.js';
import { validateDriverParameters } from './driver-parameters.js';

type VolumeAttributesClass = storage.v1beta1.VolumeAttributesClass;

const defaultAnnotation = 'volumeattributesclass.alpha.kubernetes.io/is-default-class';

function nameText({ metadata }: VolumeAttributesClass): string {
  const name = metadata.name ?? '';
  return metadata.annotations?.[defaultAnnotation] === 'true' ? `${name} (default)` : name;
}

/** The attributes of volumes are changed by naming another class, never by changing one. */
function validateUpdate(attributesClass: VolumeAttributesClass, old: VolumeAttributesClass): FieldError[] {
  return (['driverName', 'parameters'] as const)
    .filter((field) => !semanticallyEqual(attributesClass[field] ?? {}, old[field] ?? {}))
    .map((field) => forbiddenField(path(field), `updates to ${field} are forbidden.`));
}

function validate(attributesClass: VolumeAttributesClass, old: VolumeAttributesClass | undefined): FieldError[] {
  const findings = [
    ...validateProvisioner(attributesClass.driverName, path('driverName')),
    ...validateDriverParameters(attributesClass.parameters, path('parameters'), { allowEmpty: false }),
  ];
  return [...repeatedOnUpdate(findings, old), ...(old === undefined ? [] : validateUpdate(attributesClass, old))];
}

const use = storage.v1.VolumeAttributesClass;

/** KEP-3751. All versions have one shape; stored as v1beta1, so that servers of v1.33 can read it. */
export const volumeAttributesClasses = defineResource<VolumeAttributesClass>(storage.v1beta1.VolumeAttributesClass, {
  names: { plural: 'volumeattributesclasses', short: ['vac'] },
  scope: 'Cluster',
  metadataChecks: { own: 2 },
  storage: { key: 'volumeattributesclasses' },
  deprecationWarning: deprecationText(storage.v1beta1.VolumeAttributesClass, { deprecated: '1.34', removed: '1.37', use }),
  versions: [
    { kind: storage.v1.VolumeAttributesClass },
    {
      kind: storage.v1alpha1.VolumeAttributesClass,
      deprecationWarning: deprecationText(storage.v1alpha1.VolumeAttributesClass, { deprecated: '1.32', removed: '1.35', use }),
    },
  ],
  deleteReturns: 'object',
  validate,
  columns: [col('Name', nameText, { format: 'name' }), col('DriverName', ({ driverName }) => driverName), age()],
});
