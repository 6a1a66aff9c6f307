import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupported,
  path,
  Quantity,
  qualifiedName,
  required,
  semanticallyEqual,
  validateImmutable,
} from '@keelson/machinery';
import { type core, internalDiff } from '@keelson/schema';
import { validateForm } from '../../validation/names.js';
import { betaClass } from './beta-annotations.js';
import { validateClaimSpec } from './claim-spec-validation.js';

type PersistentVolumeClaim = core.v1.PersistentVolumeClaim;
type ClaimSpec = core.v1.PersistentVolumeClaimSpec;

const at = path('spec');

/** The storage class, which was an annotation once, may be filled in where the claim had none of its own. */
function mayTakeClass({ spec }: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  if (spec.storageClassName === undefined || old.spec.storageClassName !== undefined) return false;
  const annotated = old.metadata.annotations?.[betaClass];
  return annotated === undefined || annotated === spec.storageClassName;
}

/** The spec with what may change on an update as it was before. */
function withoutMutable(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): ClaimSpec {
  const { spec } = claim;
  const fixed: Record<string, unknown> = { ...spec };
  if (mayTakeClass(claim, old)) fixed.storageClassName = old.spec.storageClassName;
  if (claim.status.phase !== 'Bound') return fixed as unknown as ClaimSpec;
  fixed.volumeAttributesClassName = old.spec.volumeAttributesClassName;
  if (spec.resources.requests !== undefined) {
    const storage = old.spec.resources.requests?.storage;
    fixed.resources = { ...spec.resources, requests: { ...spec.resources.requests, storage } };
  }
  return fixed as unknown as ClaimSpec;
}

function validateSpecKept(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const now = withoutMutable(claim, old);
  // A claim is bound to a volume once.
  const before = old.spec.volumeName || !now.volumeName ? old.spec : { ...old.spec, volumeName: now.volumeName };
  if (semanticallyEqual(now, before)) return [];
  const detail = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return [forbiddenField(at, `${detail}\n${internalDiff('core.v1.PersistentVolumeClaimSpec', before, now)}`)];
}

/** The annotation stays, but for a claim that takes its class into the field of that name. */
function validateAnnotationKept(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const [now = '', before = ''] = [claim, old].map(({ metadata }) => metadata.annotations?.[betaClass]);
  if (now === before || (now === '' && mayTakeClass(claim, old))) return [];
  return [invalidField(path('metadata', 'annotations', betaClass), now, 'field is immutable')];
}

/** A claim may grow; a resize that failed may be taken back to what there is (KEP-1790). */
function validateSize({ spec }: PersistentVolumeClaim, { spec: before, status }: PersistentVolumeClaim): FieldError[] {
  const [size, oldSize, capacity] = [spec.resources.requests, before.resources.requests, status.capacity].map((list) =>
    Quantity.parse(list?.storage ?? '0'),
  ) as [Quantity, Quantity, Quantity];
  if (size.compare(oldSize) >= 0 || size.compare(capacity) > 0) return [];
  return [forbiddenField(at.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity')];
}

/** A class can be changed, and given up only before the volume has taken it (KEP-3751). */
function validateClassKept({ spec }: PersistentVolumeClaim, { spec: before, status }: PersistentVolumeClaim): FieldError[] {
  const name = spec.volumeAttributesClassName;
  if (name || name === before.volumeAttributesClassName || status.currentVolumeAttributesClassName === undefined) return [];
  const what = name === undefined ? 'nil' : 'empty string';
  const detail = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  return [forbiddenField(at.child('volumeAttributesClassName'), detail)];
}

function validateUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  return [
    ...validateAnnotationKept(claim, old),
    ...validateSpecKept(claim, old),
    ...validateSize(claim, old),
    ...validateImmutable(claim.spec.volumeMode, old.spec.volumeMode, path('volumeMode')),
    ...validateClassKept(claim, old),
  ];
}

export function validateClaim(claim: PersistentVolumeClaim, old: PersistentVolumeClaim | undefined): FieldError[] {
  const errors = validateClaimSpec(claim.spec, at, old?.spec);
  return old === undefined ? errors : [...errors, ...errors, ...validateUpdate(claim, old)];
}

const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
].sort();

function isNative(resource: string): boolean {
  return !resource.includes('/') || resource.includes('kubernetes.io/');
}

function validateResourceKey(key: string, here: typeof at): FieldError[] {
  const errors = validateForm(key, here, qualifiedName);
  if (errors.length > 0 || !isNative(key) || key === 'storage') return errors;
  return [notSupported(here, key, ['storage'])];
}

function validateBasicQuantity(text: string, here: typeof at): FieldError[] {
  const quantity = Quantity.parse(text);
  return quantity.sign < 0 ? [invalidField(here, quantity.value(), 'must be a valid resource quantity')] : [];
}

/** What controllers say of a claim's size and of a resize under way. */
export function validateClaimStatus({ spec, status }: PersistentVolumeClaim): FieldError[] {
  const statusesPath = path('status', 'allocatedResourceStatuses');
  const allocatedPath = path('status', 'allocatedResources');
  const capacityPath = path('status', 'capacity');
  return [
    ...(spec.accessModes?.length ? [] : [required(path('Spec', 'accessModes'))]),
    ...Object.entries(status.capacity ?? {}).flatMap(([name, text]) => validateBasicQuantity(text, capacityPath.key(name))),
    ...Object.entries(status.allocatedResourceStatuses ?? {}).flatMap(([name, state]) => [
      ...validateResourceKey(name, statusesPath),
      ...(resizeStatuses.includes(state) ? [] : [notSupported(statusesPath, name, resizeStatuses)]),
    ]),
    ...Object.entries(status.allocatedResources ?? {}).flatMap(([name, text]) => {
      const errors = validateResourceKey(name, allocatedPath);
      return errors.length > 0 ? errors : validateBasicQuantity(text, allocatedPath.key(name));
    }),
  ];
}
