import { type FieldError, type FieldPath, forbiddenField, invalidField, notFoundField, notSupported, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateOptionalEnumerated } from '../../validation/enumerated.js';
import { climbs, validateRelativePath } from '../../validation/local-path.js';
import type { PodContext } from './context.js';

type Mount = core.v1.VolumeMount;
type Device = core.v1.VolumeDevice;

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

/** A container as far as its volumes are concerned. */
export interface Mounting {
  readonly volumeMounts?: readonly Mount[];
  readonly volumeDevices?: readonly Device[];
  readonly securityContext?: { readonly privileged?: boolean };
}

function validateSubPaths({ subPath = '', subPathExpr = '' }: Mount, at: FieldPath, list: FieldPath): FieldError[] {
  const errors = subPath === '' ? [] : validateRelativePath(subPath, list.child('subPath'));
  if (subPathExpr === '') return errors;
  if (subPath !== '') errors.push(invalidField(at.child('subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
  return [...errors, ...validateRelativePath(subPathExpr, list.child('subPathExpr'))];
}

function validatePropagation({ mountPropagation: propagation }: Mount, privileged: boolean, at: FieldPath): FieldError[] {
  if (propagation !== 'Bidirectional' || privileged) return validateOptionalEnumerated(propagation, at, propagations);
  return [forbiddenField(at, 'Bidirectional mount propagation is available only to privileged containers')];
}

function validateRecursion({ recursiveReadOnly: recursion, readOnly, mountPropagation }: Mount, at: FieldPath): FieldError[] {
  if (recursion === undefined || recursion === 'Disabled') return [];
  if (!recursions.includes(recursion)) return [notSupported(at, recursion, recursions)];
  const propagates = mountPropagation !== undefined && mountPropagation !== 'None';
  return [
    ...(readOnly ? [] : [forbiddenField(at, 'may only be specified when readOnly is true')]),
    ...(propagates ? [forbiddenField(at, 'may only be specified when mountPropagation is None or not specified')] : []),
  ];
}

/** What is wrong with how a mount is made is said of the whole list. */
export function validateMounts(
  { volumeMounts, volumeDevices = [], securityContext }: Mounting,
  pod: PodContext,
  at: FieldPath,
): FieldError[] {
  const paths = new Set<string>();
  return validateEach(volumeMounts, at, (mount, here) => {
    const { name, mountPath } = mount;
    const [namePath, pathPath] = [here.child('name'), here.child('mountPath')];
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(namePath));
    if (!pod.volumes.has(name)) errors.push(notFoundField(namePath, name));
    if (mountPath === '') errors.push(required(pathPath));
    if (paths.size === paths.add(mountPath).size) errors.push(invalidField(pathPath, mountPath, 'must be unique'));
    if (volumeDevices.some((device) => device.name === name)) {
      errors.push(invalidField(namePath, name, 'must not already exist in volumeDevices'));
    }
    if (volumeDevices.some(({ devicePath }) => devicePath === mountPath)) {
      errors.push(invalidField(pathPath, mountPath, 'must not already exist as a path in volumeDevices'));
    }
    return [
      ...errors,
      ...validateSubPaths(mount, here, at),
      ...validatePropagation(mount, securityContext?.privileged ?? false, at.child('mountPropagation')),
      ...validateRecursion(mount, at.child('recursiveReadOnly')),
    ];
  });
}

function validateDeviceVolume(name: string, { volumes }: PodContext, at: FieldPath): FieldError[] {
  const volume = volumes.get(name);
  if (volume === undefined) return [notFoundField(at, name)];
  if (volume.persistentVolumeClaim || volume.ephemeral) return [];
  return [invalidField(at, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode')];
}

/** Claimed volumes that a container sees as block devices. */
export function validateDevices({ volumeMounts = [], volumeDevices }: Mounting, pod: PodContext, at: FieldPath): FieldError[] {
  const names = new Set<string>();
  const paths = new Set<string>();
  return validateEach(volumeDevices, at, ({ name, devicePath }, here) => {
    const [namePath, pathPath] = [here.child('name'), here.child('devicePath')];
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(namePath));
    if (names.has(name)) errors.push(invalidField(namePath, name, 'must be unique'));
    errors.push(...validateDeviceVolume(name, pod, namePath));
    if (devicePath === '') errors.push(required(pathPath));
    if (paths.has(devicePath)) errors.push(invalidField(pathPath, devicePath, 'must be unique'));
    if (climbs(devicePath)) errors.push(invalidField(pathPath, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (volumeMounts.some((mount) => mount.name === name)) {
      errors.push(invalidField(namePath, name, 'must not already exist in volumeMounts'));
    }
    if (volumeMounts.some(({ mountPath }) => mountPath === devicePath)) {
      errors.push(invalidField(pathPath, devicePath, 'must not already exist as a path in volumeMounts'));
    }
    if (name !== '') names.add(name);
    return errors;
  });
}
