import { type FieldError, type FieldPath, invalidField, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateIscsiName, validateLun } from '../../validation/volume-sources.js';

const unknownName = 'must be valid format starting with iqn, eui, or naa';

export function validateIscsi(source: core.v1.ISCSIVolumeSource, at: FieldPath): FieldError[] {
  const { targetPortal, iqn, lun, initiatorName, secretRef, chapAuthDiscovery, chapAuthSession } = source;
  const needsSecret = (chapAuthDiscovery || chapAuthSession) && secretRef === undefined;
  return [
    ...(targetPortal === '' ? [required(at.child('targetPortal'))] : []),
    ...(iqn === '' ? [required(at.child('iqn'))] : validateIscsiName(iqn, at.child('iqn'), unknownName)),
    ...validateLun(lun ?? 0, at.child('lun')),
    ...(needsSecret ? [required(at.child('secretRef'))] : []),
    ...(initiatorName === undefined ? [] : validateIscsiName(initiatorName, at.child('initiatorname'), unknownName)),
  ];
}

const maxVolumeAndPortalBytes = 64;

/** Sessions of an initiator are told apart by the volume's name and the portal. */
export function validateIscsiVolumeName(source: core.v1.ISCSIVolumeSource | undefined, name: string, at: FieldPath): FieldError[] {
  if (source?.initiatorName === undefined) return [];
  if (Buffer.byteLength(`${name}:${source.targetPortal}`) <= maxVolumeAndPortalBytes) return [];
  const detail = 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  return [invalidField(at, name, detail)];
}
