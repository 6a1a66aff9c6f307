import { type FieldError, type FieldPath, forbiddenField, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateSources } from './persistent-volume-sources.js';
import { validateAttributesClass, validateRecycling } from './persistent-volumes-validation.js';
import { validateAccessModes } from './volume-validation.js';

type VolumeSpec = core.v1.PersistentVolumeSpec;

const inline = 'in the context of inline volumes';

function validateAbsent(spec: VolumeSpec, at: FieldPath, fields: readonly (keyof VolumeSpec)[]): FieldError[] {
  return fields.filter((field) => spec[field]).map((field) => forbiddenField(at.child(field), `may not be specified ${inline}`));
}

function validateReclaimPolicy({ persistentVolumeReclaimPolicy: policy = '' }: VolumeSpec, at: FieldPath): FieldError[] {
  if (policy === '' || policy === 'Retain') return [];
  return [forbiddenField(at.child('persistentVolumeReclaimPolicy'), `may only be Retain ${inline}`)];
}

function validateMode({ volumeMode = 'Filesystem' }: VolumeSpec, at: FieldPath): FieldError[] {
  if (volumeMode === 'Filesystem') return [];
  return [forbiddenField(at.child('volumeMode'), `may not specify volumeMode other than Filesystem ${inline}`)];
}

/** A volume of a pod's own that is attached as if it were one of the cluster's. */
export function validateInlineVolume(spec: VolumeSpec, at: FieldPath): FieldError[] {
  return [
    ...validateAbsent(spec, at, ['claimRef', 'capacity']),
    ...(spec.csi === undefined ? [required(at.child('csi'), `has to be specified ${inline}`)] : []),
    ...validateAccessModes(spec.accessModes, at.child('accessModes')),
    ...validateReclaimPolicy(spec, at),
    ...validateAbsent(spec, at, ['nodeAffinity']),
    ...validateSources({ spec, at, name: '' }),
    ...validateRecycling(spec, at),
    ...validateAbsent(spec, at, ['storageClassName']),
    ...validateMode(spec, at),
    ...validateAttributesClass(spec, at),
  ];
}
