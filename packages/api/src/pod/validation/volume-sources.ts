import { dns1123Subdomain, type FieldError, type FieldPath, forbiddenField, Quantity, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateClaimSpec } from '../../core/volumes/claim-spec-validation.js';
import { validateDriverName } from '../../storage/driver-names.js';
import { validateEnumerated } from '../../validation/enumerated.js';
import { validateRelativePath } from '../../validation/local-path.js';
import { validateForm } from '../../validation/names.js';
import { validateRequired } from '../../validation/required-fields.js';
import { validateTemplateMetadata } from '../../validation/template-metadata.js';
import {
  requiredSourceFields,
  validateAwsElasticBlockStore,
  validateAzureDisk,
  validateFibreChannel,
  validateFlexVolume,
  validateFlocker,
  validateGcePersistentDisk,
  validateHostPath,
  validateNfs,
  validateQuobyte,
  validateStorageOs,
} from '../../validation/volume-sources.js';
import { validateIscsi } from './iscsi-volume.js';
import { validateDownwardVolume, validateKeyFiles, validateMode, validateProjected } from './volume-files.js';

type Sources = core.v1.VolumeSource;

/** The secret is in the pod's namespace. */
function validateSecret({ secretRef }: { readonly secretRef?: core.v1.LocalObjectReference }, at: FieldPath): FieldError[] {
  return secretRef === undefined ? [] : validateRequired(secretRef, at.child('secretRef'), ['name']);
}

function validateEmptyDir({ sizeLimit }: core.v1.EmptyDirVolumeSource, at: FieldPath): FieldError[] {
  if (sizeLimit === undefined || Quantity.parse(sizeLimit).sign >= 0) return [];
  return [forbiddenField(at.child('sizeLimit'), 'SizeLimit field must be a valid resource quantity')];
}

/** A template may leave the image to who replaces it before pods are made (KEP-4639). */
function validateImage({ reference, pullPolicy }: core.v1.ImageVolumeSource, at: FieldPath, inTemplate: boolean): FieldError[] {
  return [
    ...(reference || inTemplate ? [] : [required(at.child('reference'))]),
    ...validateEnumerated(pullPolicy, at.child('pullPolicy'), ['Always', 'IfNotPresent', 'Never']),
  ];
}

function validateGitRepo(source: core.v1.GitRepoVolumeSource, at: FieldPath): FieldError[] {
  return [...validateRequired(source, at, ['repository']), ...validateRelativePath(source.directory ?? '', at.child('directory'))];
}

/** Values of a config map or secret as files. */
function validateKeyVolume(source: core.v1.SecretVolumeSource | core.v1.ConfigMapVolumeSource, at: FieldPath): FieldError[] {
  return [...validateMode(source.defaultMode, at.child('defaultMode')), ...validateKeyFiles(source.items, at.child('items'))];
}

/** The name of the secret is said to be wrong one level too high. */
function validateCsi({ driver, nodePublishSecretRef: secret }: core.v1.CSIVolumeSource, at: FieldPath): FieldError[] {
  const errors = validateDriverName(driver, at.child('driver'));
  if (secret === undefined) return errors;
  if (!secret.name) return [...errors, required(at.child('nodePublishSecretRef', 'name'))];
  return [...errors, ...validateForm(secret.name, at.child('name'), dns1123Subdomain)];
}

/** A claim that is made along with the pod. */
function validateEphemeral({ volumeClaimTemplate: template }: core.v1.EphemeralVolumeSource, at: FieldPath): FieldError[] {
  const here = at.child('volumeClaimTemplate');
  if (template === undefined) return [required(here)];
  return [...validateTemplateMetadata(template.metadata, here.child('metadata')), ...validateClaimSpec(template.spec, here.child('spec'))];
}

type Rule<S> = (source: S, at: FieldPath, inTemplate: boolean) => FieldError[];

/** What `requiredSourceFields` names is all there is to say. */
const nothingElse = (): FieldError[] => [];

/** What volumes can be made of, in the order in which one makes the others too many. */
const rules: { readonly [S in keyof Sources]-?: Rule<NonNullable<Sources[S]>> } = {
  emptyDir: validateEmptyDir,
  hostPath: validateHostPath,
  gitRepo: validateGitRepo,
  gcePersistentDisk: validateGcePersistentDisk,
  awsElasticBlockStore: validateAwsElasticBlockStore,
  secret: (source, at) => [...validateRequired(source, at, ['secretName']), ...validateKeyVolume(source, at)],
  nfs: validateNfs,
  iscsi: validateIscsi,
  glusterfs: nothingElse,
  flocker: validateFlocker,
  persistentVolumeClaim: (source, at) => validateRequired(source, at, ['claimName']),
  rbd: nothingElse,
  cinder: validateSecret,
  cephfs: nothingElse,
  quobyte: validateQuobyte,
  downwardAPI: validateDownwardVolume,
  fc: validateFibreChannel,
  flexVolume: validateFlexVolume,
  configMap: (source, at) => [...validateRequired(source, at, ['name']), ...validateKeyVolume(source, at)],
  azureFile: nothingElse,
  vsphereVolume: nothingElse,
  photonPersistentDisk: nothingElse,
  portworxVolume: nothingElse,
  azureDisk: validateAzureDisk,
  storageos: (source, at) => [...validateStorageOs(source, at), ...validateSecret(source, at)],
  projected: validateProjected,
  scaleIO: nothingElse,
  csi: validateCsi,
  ephemeral: validateEphemeral,
  image: validateImage,
};

export type SourceName = keyof typeof rules;

export const sourceNames = Object.keys(rules) as SourceName[];

/** One source of a volume. */
export function validateSource(name: SourceName, volume: core.v1.Volume, at: FieldPath, inTemplate: boolean): FieldError[] {
  const source = volume[name] as object;
  const rule = rules[name] as Rule<object>;
  return [...validateRequired(source, at, (requiredSourceFields[name] ?? []) as never[]), ...rule(source, at, inTemplate)];
}
