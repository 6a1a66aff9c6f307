import {
  dns1123Subdomain,
  type FieldError,
  forbiddenField,
  invalidField,
  path,
  Quantity,
  required,
  semanticallyEqual,
  validateObjectSelector,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateAccessModes, validateVolumeMode } from './volume-validation.js';

type PersistentVolumeClaim = core.v1.PersistentVolumeClaim;
type ClaimSpec = core.v1.PersistentVolumeClaimSpec;

const at = path('spec');

function validateStorage({ resources }: ClaimSpec): FieldError[] {
  const storage = resources.requests?.storage;
  const here = at.child('resources').key('storage');
  if (storage === undefined) return [required(here)];
  return Quantity.parse(storage).sign <= 0 ? [invalidField(here, storage, 'must be greater than zero')] : [];
}

function validateSpec(spec: ClaimSpec): FieldError[] {
  const { storageClassName = '' } = spec;
  return [
    ...validateObjectSelector(spec.selector, at.child('selector')),
    ...validateAccessModes(spec.accessModes, 'at least 1 access mode is required'),
    ...validateStorage(spec),
    ...(storageClassName === ''
      ? []
      : dns1123Subdomain(storageClassName).map((detail) => invalidField(at.child('storageClassName'), storageClassName, detail))),
    ...validateVolumeMode(spec.volumeMode),
  ];
}

/** The spec with what may change on an update taken from `old`. */
function withoutMutable(spec: ClaimSpec, old: ClaimSpec, bound: boolean): ClaimSpec {
  const { requests: _requests, ...resources } = spec.resources;
  const fixed: Record<string, unknown> = { ...spec, resources: { ...resources, requests: old.resources.requests } };
  if (!old.volumeName) fixed.volumeName = old.volumeName;
  if (bound) fixed.volumeAttributesClassName = old.volumeAttributesClassName;
  return fixed as unknown as ClaimSpec;
}

/** A claim may be bound to a volume, once, and may grow; a resize that failed may be taken back to what there is. */
function validateUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const bound = claim.status.phase === 'Bound';
  if (!semanticallyEqual(withoutMutable(claim.spec, old.spec, bound), withoutMutable(old.spec, old.spec, bound))) {
    errors.push(
      forbiddenField(at, 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n'),
    );
  }
  const size = Quantity.parse(claim.spec.resources.requests?.storage ?? '0');
  const oldSize = Quantity.parse(old.spec.resources.requests?.storage ?? '0');
  const capacity = Quantity.parse(old.status.capacity?.storage ?? '0');
  if (size.compare(oldSize) < 0 && size.compare(capacity) <= 0) {
    errors.push(forbiddenField(at.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'));
  }
  return errors;
}

export function validateClaim(claim: PersistentVolumeClaim, old: PersistentVolumeClaim | undefined): FieldError[] {
  return [...validateSpec(claim.spec), ...(old === undefined ? [] : validateUpdate(claim, old))];
}
