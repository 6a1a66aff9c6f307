import {
  dns1123Subdomain,
  type FieldError,
  forbiddenField,
  invalidField,
  notSupported,
  path,
  Quantity,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateAccessModes, validateVolumeMode } from './volume-validation.js';

type PersistentVolume = core.v1.PersistentVolume;

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

/** Everything of the spec that is not a source; exactly one other field must be set. */
const otherFields: ReadonlySet<string> = new Set([
  'capacity',
  'accessModes',
  'claimRef',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'mountOptions',
  'volumeMode',
  'nodeAffinity',
  'volumeAttributesClassName',
]);

const at = path('spec');

function sourcesOf(spec: core.v1.PersistentVolumeSpec): [name: string, source: unknown][] {
  return Object.entries(spec).filter(([field]) => !otherFields.has(field));
}

function validateSource({ spec }: PersistentVolume): FieldError[] {
  const [first, ...more] = sourcesOf(spec);
  if (first === undefined) return [required(at, 'must specify a volume type')];
  return more.map(([name]) => forbiddenField(at.child(name), 'may not specify more than 1 volume type'));
}

function validateCapacity({ spec }: PersistentVolume): FieldError[] {
  const capacity = Object.entries(spec.capacity ?? {});
  const errors: FieldError[] = [];
  if (capacity.length === 0) errors.push(required(at.child('capacity')));
  if (spec.capacity?.storage === undefined || capacity.length > 1) {
    errors.push(notSupported(at.child('capacity'), spec.capacity ?? null, ['storage']));
  }
  for (const [name, text] of capacity) {
    if (Quantity.parse(text).sign <= 0) errors.push(invalidField(at.child('capacity').key(name), text, 'must be greater than zero'));
  }
  return errors;
}

function validateSpec(volume: PersistentVolume): FieldError[] {
  const { persistentVolumeReclaimPolicy = '', storageClassName = '', volumeMode } = volume.spec;
  const errors = [...validateAccessModes(volume.spec.accessModes, ''), ...validateCapacity(volume), ...validateSource(volume)];
  if (!reclaimPolicies.includes(persistentVolumeReclaimPolicy)) {
    errors.push(notSupported(at.child('persistentVolumeReclaimPolicy'), persistentVolumeReclaimPolicy, reclaimPolicies));
  }
  if (storageClassName !== '') {
    errors.push(
      ...dns1123Subdomain(storageClassName).map((detail) => invalidField(at.child('storageClassName'), storageClassName, detail)),
    );
  }
  return [...errors, ...validateVolumeMode(volumeMode)];
}

/** A volume stays what it is. */
function validateUpdate(volume: PersistentVolume, old: PersistentVolume): FieldError[] {
  const errors: FieldError[] = [];
  if (!semanticallyEqual(Object.fromEntries(sourcesOf(volume.spec)), Object.fromEntries(sourcesOf(old.spec)))) {
    errors.push(forbiddenField(at.child('persistentvolumesource'), 'spec.persistentvolumesource is immutable after creation'));
  }
  if (volume.spec.volumeMode !== old.spec.volumeMode) {
    errors.push(invalidField('volumeMode', volume.spec.volumeMode, 'field is immutable'));
  }
  if (old.spec.nodeAffinity !== undefined && !semanticallyEqual(volume.spec.nodeAffinity, old.spec.nodeAffinity)) {
    errors.push(invalidField('nodeAffinity', volume.spec.nodeAffinity, 'field is immutable, except for updating from beta label to GA'));
  }
  return errors;
}

export function validateVolume(volume: PersistentVolume, old: PersistentVolume | undefined): FieldError[] {
  return [...validateSpec(volume), ...(old === undefined ? [] : validateUpdate(volume, old))];
}
