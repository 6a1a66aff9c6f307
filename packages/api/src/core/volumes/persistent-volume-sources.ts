import {
  dns1123Label,
  dns1123Subdomain,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateDriverName } from '../../storage/driver-names.js';
import { validateNoBacksteps } from '../../validation/local-path.js';
import { validateForm, validateRequiredForm } from '../../validation/names.js';
import { validateRequired } from '../../validation/required-fields.js';
import {
  requiredSourceFields,
  validateAwsElasticBlockStore,
  validateAzureDisk,
  validateFibreChannel,
  validateFlexVolume,
  validateFlocker,
  validateGcePersistentDisk,
  validateHostPath,
  validateIscsiName,
  validateLun,
  validateNfs,
  validateQuobyte,
  validateStorageOs,
} from '../../validation/volume-sources.js';

type VolumeSpec = core.v1.PersistentVolumeSpec;
type Sources = core.v1.PersistentVolumeSource;

/** The spec of a volume, where it is, and what the volume is called; one that is part of something else has no name. */
interface SourceHolder {
  readonly spec: VolumeSpec;
  readonly at: FieldPath;
  readonly name: string;
}

function validateWholeSecretReference(secret: core.v1.SecretReference | undefined, here: FieldPath): FieldError[] {
  return secret === undefined ? [] : validateRequired(secret, here, ['name', 'namespace']);
}

function validateNamedSecret(secret: core.v1.SecretReference | undefined, here: FieldPath): FieldError[] {
  if (secret === undefined) return [];
  const { name = '', namespace = '' } = secret;
  return [
    ...validateRequiredForm(name, here.child('name'), dns1123Subdomain),
    ...validateRequiredForm(namespace, here.child('namespace'), dns1123Label),
  ];
}

function validateCsi(csi: core.v1.CSIPersistentVolumeSource, here: FieldPath): FieldError[] {
  const secrets = ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const;
  return [
    ...validateDriverName(csi.driver, here.child('driver')),
    ...validateRequired(csi, here, ['volumeHandle']),
    ...secrets.flatMap((field) => validateNamedSecret(csi[field], here.child(field))),
  ];
}

const unformed = 'must be valid format';
const tooLongTogether =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';

function validateIscsi(iscsi: core.v1.ISCSIPersistentVolumeSource, here: FieldPath, volumeName: string): FieldError[] {
  const { targetPortal, iqn, initiatorName, secretRef } = iscsi;
  const errors = validateRequired(iscsi, here, ['targetPortal']);
  if (initiatorName !== undefined && `${volumeName}:${targetPortal}`.length > 64) {
    errors.push(invalidField(here.child('targetportal'), targetPortal, tooLongTogether));
  }
  errors.push(...(iqn === '' ? [required(here.child('iqn'))] : validateIscsiName(iqn, here.child('iqn'), unformed)));
  errors.push(...validateLun(iscsi.lun, here.child('lun')));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && secretRef === undefined) errors.push(required(here.child('secretRef')));
  if (secretRef !== undefined) errors.push(...validateRequired(secretRef, here.child('secretRef'), ['name']));
  if (initiatorName !== undefined) errors.push(...validateIscsiName(initiatorName, here.child('initiatorname'), unformed));
  return errors;
}

function validateLocal({ path: local }: core.v1.LocalVolumeSource, here: FieldPath, { at, spec }: SourceHolder): FieldError[] {
  return [
    ...(local === '' ? [required(here.child('path'))] : validateNoBacksteps(local, here.child('path'))),
    ...(spec.nodeAffinity === undefined ? [required(at.child('nodeAffinity'), 'Local volume requires node affinity')] : []),
  ];
}

function validateEndpointsNamespace({ endpointsNamespace }: core.v1.GlusterfsPersistentVolumeSource, at: FieldPath): FieldError[] {
  if (endpointsNamespace === undefined) return [];
  const here = at.child('endpointsNamespace');
  if (endpointsNamespace !== '') return validateForm(endpointsNamespace, here, dns1123Label);
  return [invalidField(here, endpointsNamespace, 'if the endpointnamespace is set, it must be a valid namespace name')];
}

type Rule<Source> = (source: Source, at: FieldPath, holder: SourceHolder) => FieldError[];
type Rules = { readonly [Name in keyof Sources]?: Rule<NonNullable<Sources[Name]>> };

/** What sources must have beyond the fields that are named elsewhere, and in which order they are looked at. */
const rules: Rules = {
  hostPath: validateHostPath,
  gcePersistentDisk: (disk, _here, { at }) => validateGcePersistentDisk(disk, at.child('persistentDisk')),
  awsElasticBlockStore: validateAwsElasticBlockStore,
  glusterfs: validateEndpointsNamespace,
  flocker: validateFlocker,
  nfs: validateNfs,
  rbd: () => [],
  quobyte: validateQuobyte,
  cephfs: () => [],
  iscsi: (iscsi, here, { name }) => validateIscsi(iscsi, here, name),
  cinder: ({ secretRef }, here) => validateWholeSecretReference(secretRef, here.child('secretRef')),
  fc: validateFibreChannel,
  flexVolume: validateFlexVolume,
  azureFile: ({ secretNamespace }, here) => (secretNamespace === '' ? [required(here.child('secretNamespace'))] : []),
  vsphereVolume: () => [],
  photonPersistentDisk: () => [],
  portworxVolume: () => [],
  azureDisk: validateAzureDisk,
  scaleIO: () => [],
  local: validateLocal,
  storageos: (storageos, here) => [
    ...validateStorageOs(storageos, here),
    ...(storageos.secretRef ? validateRequired(storageos.secretRef, here.child('secretRef'), ['name', 'namespace']) : []),
  ],
  csi: validateCsi,
};

const sourceNames = Object.keys(rules) as (keyof Sources)[];

/** What a volume is made of: the fields of its spec that are sources. */
export function sourcesOf(spec: core.v1.PersistentVolumeSpec): Sources {
  return Object.fromEntries(sourceNames.filter((name) => spec[name] !== undefined).map((name) => [name, spec[name]]));
}

function validateSource<Name extends keyof Sources>(name: Name, holder: SourceHolder): FieldError[] {
  const source = holder.spec[name] as NonNullable<Sources[Name]>;
  const here = holder.at.child(name);
  const fields = (requiredSourceFields[name] ?? []) as (keyof typeof source & string)[];
  return [...validateRequired(source, here, fields), ...(rules[name]?.(source, here, holder) ?? [])];
}

/** A volume has one source. Flexible volumes come through beside another one. */
export function validateSources(holder: SourceHolder): FieldError[] {
  const { spec, at } = holder;
  const names = sourceNames.filter((name) => spec[name] !== undefined);
  if (names.length === 0) return [required(at, 'must specify a volume type')];
  return names.flatMap((name, i) => {
    if (i === 0 || name === 'flexVolume') return validateSource(name, holder);
    return [forbiddenField(at.child(name === 'cephfs' ? 'cephFS' : name), 'may not specify more than 1 volume type')];
  });
}
