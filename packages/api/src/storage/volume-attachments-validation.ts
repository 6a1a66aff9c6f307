import {
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  path,
  required,
  semanticallyEqual,
  tooLong,
} from '@keelson/machinery';
import { internalForm, type storage } from '@keelson/schema';
import { validateInlineVolume } from '../core/volumes/inline-volume-validation.js';
import { validateForm } from '../validation/names.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { validateDriverName } from './driver-names.js';

type VolumeAttachment = storage.v1.VolumeAttachment;
type Status = storage.v1.VolumeAttachmentStatus;

const maxMetadataBytes = 256 * 1024;
const maxErrorMessageBytes = 1024;
const oneSource = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

const specPath = path('spec');
const volumeNamePath = specPath.child('source', 'persistentVolumeName');

function validateSource({ persistentVolumeName, inlineVolumeSpec }: storage.v1.VolumeAttachmentSource): FieldError[] {
  const at = specPath.child('source');
  if (persistentVolumeName !== undefined && inlineVolumeSpec !== undefined) return [forbiddenField(at, oneSource)];
  if (persistentVolumeName === undefined && inlineVolumeSpec === undefined) return [required(at, oneSource)];
  if (inlineVolumeSpec !== undefined) return validateInlineVolume(inlineVolumeSpec, at.child('inlineVolumeSpec'));
  return persistentVolumeName === '' ? [required(volumeNamePath, 'must specify non empty persistentVolumeName')] : [];
}

function validateMetadata(metadata: Readonly<Record<string, string>>, at: FieldPath): FieldError[] {
  const bytes = Object.entries(metadata).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return bytes > maxMetadataBytes ? [tooLong(at, maxMetadataBytes)] : [];
}

function validateStatus(status: Status | undefined): FieldError[] {
  const at = path('status');
  const failures = (['attachError', 'detachError'] as const).filter(
    (field) => Buffer.byteLength(status?.[field]?.message ?? '') > maxErrorMessageBytes,
  );
  return [
    ...validateMetadata(status?.attachmentMetadata ?? {}, at.child('attachmentMetadata')),
    ...failures.map((field) => tooLong(at.child(field, 'message'), maxErrorMessageBytes)),
  ];
}

/** What is asked of new objects only: older ones may be worse. */
function validateNew({ spec }: VolumeAttachment): FieldError[] {
  const { persistentVolumeName } = spec.source;
  return [
    ...validateDriverName(spec.attacher, specPath.child('attacher')),
    ...(persistentVolumeName === undefined ? [] : validateForm(persistentVolumeName, volumeNamePath, dns1123Subdomain)),
  ];
}

export function validateVolumeAttachment(attachment: VolumeAttachment, old: VolumeAttachment | undefined): FieldError[] {
  const { spec } = attachment;
  const findings = [
    ...(spec.attacher === '' ? [required(specPath.child('attacher'))] : []),
    ...validateSource(spec.source),
    ...validateForm(spec.nodeName, specPath.child('nodeName'), dns1123Subdomain),
    ...validateStatus(attachment.status),
  ];
  if (old === undefined) return [...findings, ...validateNew(attachment)];
  const changed = semanticallyEqual(spec, old.spec)
    ? []
    : [invalidField(specPath, internalForm('storage.v1.VolumeAttachmentSpec', spec), 'field is immutable')];
  return [...repeatedOnUpdate(findings, old), ...changed];
}
