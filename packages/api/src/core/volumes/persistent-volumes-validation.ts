import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  notSupported,
  path,
  Quantity,
  required,
  semanticallyEqual,
  validateImmutable,
} from '@keelson/machinery';
import { type core, internalDiff, internalForm, shownAsSent } from '@keelson/schema';
import { validateForm, validateOptionalForm } from '../../validation/names.js';
import { validateNodeSelector } from '../../validation/node-selector.js';
import { repeatedOnUpdate } from '../../validation/repeat-on-update.js';
import { newLabelOf } from '../../warnings/node-label-warnings.js';
import { betaMountOptions } from './beta-annotations.js';
import { sourcesOf, validateSources } from './persistent-volume-sources.js';
import { validateAccessModes, validateClassChange, validateVolumeMode } from './volume-validation.js';

type PersistentVolume = core.v1.PersistentVolume;
type VolumeSpec = core.v1.PersistentVolumeSpec;

const at = path('spec');
const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

function validateCapacity(spec: VolumeSpec): FieldError[] {
  const here = at.child('capacity');
  const { capacity = {} } = spec;
  const entries = Object.entries(capacity);
  const errors = entries.length === 0 ? [required(here)] : [];
  if (capacity.storage === undefined || entries.length > 1) {
    errors.push(notSupported(here, shownAsSent(spec, 'capacity'), ['storage']));
  }
  for (const [name, text] of entries) {
    const quantity = Quantity.parse(text);
    if (quantity.sign < 0) errors.push(invalidField(here.key(name), quantity.value(), 'must be a valid resource quantity'));
    if (quantity.sign <= 0) errors.push(invalidField(here.key(name), text, 'must be greater than zero'));
  }
  return errors;
}

function validateReclaimPolicy({ persistentVolumeReclaimPolicy: policy = '' }: VolumeSpec): FieldError[] {
  if (policy === '' || reclaimPolicies.includes(policy)) return [];
  return [notSupported(at.child('persistentVolumeReclaimPolicy'), policy, reclaimPolicies)];
}

function validateNodeAffinity({ nodeAffinity }: VolumeSpec, anyValue = false): FieldError[] {
  if (nodeAffinity === undefined) return [];
  const here = at.child('nodeAffinity', 'required');
  if (nodeAffinity.required === undefined) return [required(here, 'must specify required node constraints')];
  return validateNodeSelector(nodeAffinity.required, here, { anyValue });
}

/** Nobody may have the whole disk of a node wiped. */
export function validateRecycling({ hostPath, persistentVolumeReclaimPolicy }: VolumeSpec, at: FieldPath): FieldError[] {
  const isRoot = hostPath !== undefined && /^\/+(\.?\/+)*\.?$/.test(hostPath.path);
  if (!isRoot || persistentVolumeReclaimPolicy !== 'Recycle') return [];
  return [forbiddenField(at.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'")];
}

export function validateAttributesClass({ volumeAttributesClassName: name, csi }: VolumeSpec, at: FieldPath): FieldError[] {
  if (name === undefined) return [];
  const here = at.child('volumeAttributesClassName');
  const errors = name === '' ? [required(here, 'an empty string is disallowed')] : validateForm(name, here, dns1123Subdomain);
  if (csi === undefined) errors.push(required(at.child('csi'), 'has to be specified when using volumeAttributesClassName'));
  return errors;
}

function validateSpec({ metadata, spec }: PersistentVolume, old: PersistentVolume | undefined): FieldError[] {
  // Values that were no labels before may stay.
  const anyValue = old !== undefined && validateNodeAffinity(old.spec).length > 0;
  return [
    ...validateAccessModes(spec.accessModes, at.child('accessModes')),
    ...validateCapacity(spec),
    ...validateReclaimPolicy(spec),
    ...validateNodeAffinity(spec, anyValue),
    ...validateSources({ spec, at, name: metadata.name ?? '' }),
    ...validateRecycling(spec, at),
    ...validateOptionalForm(spec.storageClassName, at.child('storageClassName'), dns1123Subdomain),
    ...validateVolumeMode(spec.volumeMode, at.child('volumeMode')),
    ...validateAttributesClass(spec, at),
  ];
}

/** The sources as they may be changed: a secret for expansion can be added later. */
function fixedSources(spec: VolumeSpec, old: VolumeSpec): core.v1.PersistentVolumeSource {
  const sources = sourcesOf(spec);
  if (sources.csi === undefined || old.csi === undefined || old.csi.controllerExpandSecretRef !== undefined) return sources;
  const { controllerExpandSecretRef: _added, ...csi } = sources.csi;
  return { ...sources, csi };
}

function validateSourcesKept(spec: VolumeSpec, old: VolumeSpec): FieldError[] {
  const [now, before] = [fixedSources(spec, old), sourcesOf(old)];
  if (semanticallyEqual(now, before)) return [];
  const diff = internalDiff('core.v1.PersistentVolumeSource', before, now);
  return [forbiddenField(at.child('persistentvolumesource'), `spec.persistentvolumesource is immutable after creation\n${diff}`)];
}

/** The affinity with labels under their new names, where `now` has taken these. A label without a new name may be left out. */
function withNewLabels(old: core.v1.VolumeNodeAffinity, now: core.v1.VolumeNodeAffinity | undefined): core.v1.VolumeNodeAffinity {
  const terms = old.required?.nodeSelectorTerms?.map((term, i) => ({
    ...term,
    matchExpressions: term.matchExpressions?.map((expression, j) => {
      const key = now?.required?.nodeSelectorTerms?.[i]?.matchExpressions?.[j]?.key;
      return key === (newLabelOf(expression.key) ?? '') ? { ...expression, key } : expression;
    }),
  }));
  return { ...old, required: { ...old.required, nodeSelectorTerms: terms ?? null } } as core.v1.VolumeNodeAffinity;
}

function validateAffinityKept({ nodeAffinity: now }: VolumeSpec, { nodeAffinity: old }: VolumeSpec): FieldError[] {
  if (old === undefined || semanticallyEqual(now, withNewLabels(old, now))) return [];
  const shown = now === undefined ? null : internalForm('core.v1.VolumeNodeAffinity', now);
  return [invalidField('nodeAffinity', shown, 'field is immutable, except for updating from beta label to GA')];
}

/** A volume stays what it is. */
function validateUpdate({ spec }: PersistentVolume, { spec: old }: PersistentVolume): FieldError[] {
  return [
    ...validateSourcesKept(spec, old),
    ...validateImmutable(spec.volumeMode, old.volumeMode, path('volumeMode')),
    ...validateAffinityKept(spec, old),
    ...validateClassChange(spec, old),
  ];
}

/** Volumes that were mounted with options when these were an annotation. */
const mountedWithOptions = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
] as const;

function validateMountOptions({ metadata, spec }: PersistentVolume): FieldError[] {
  if (metadata.annotations?.[betaMountOptions] === undefined || mountedWithOptions.some((source) => spec[source] !== undefined)) return [];
  return [forbiddenField(path('metadata', 'annotations', betaMountOptions), 'may not specify mount options for this volume type')];
}

export function validateVolume(volume: PersistentVolume, old: PersistentVolume | undefined): FieldError[] {
  return [
    ...repeatedOnUpdate(validateSpec(volume, old), old),
    ...validateMountOptions(volume),
    ...(old === undefined ? [] : validateUpdate(volume, old)),
  ];
}
