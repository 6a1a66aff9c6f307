import { dns1123Label, type FieldError, type FieldPath, invalidField, notSupported, required } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateOptionalEnumerated } from './enumerated.js';
import { validateNoBacksteps } from './local-path.js';
import { validateOptionalForm, validateRequiredForm } from './names.js';
import { validateRequired } from './required-fields.js';

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function validateHostPath({ path, type }: core.v1.HostPathVolumeSource, at: FieldPath): FieldError[] {
  if (path === '') return [required(at.child('path'))];
  return [...validateNoBacksteps(path, at.child('path')), ...validateOptionalEnumerated(type, at.child('type'), hostPathTypes)];
}

/** Zero is no partition: the whole disk. */
function validatePartition(partition: number | undefined, at: FieldPath): FieldError[] {
  if (partition === undefined || (partition >= 0 && partition <= 255)) return [];
  return [invalidField(at.child('partition'), partition, 'must be between 1 and 255, inclusive')];
}

export function validateGcePersistentDisk(disk: core.v1.GCEPersistentDiskVolumeSource, at: FieldPath): FieldError[] {
  return [...validateRequired(disk, at, ['pdName']), ...validatePartition(disk.partition, at)];
}

export function validateAwsElasticBlockStore(store: core.v1.AWSElasticBlockStoreVolumeSource, at: FieldPath): FieldError[] {
  return [...validateRequired(store, at, ['volumeID']), ...validatePartition(store.partition, at)];
}

export function validateFlocker({ datasetName = '', datasetUUID = '' }: core.v1.FlockerVolumeSource, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (datasetName === '' && datasetUUID === '') errors.push(required(at, 'one of datasetName and datasetUUID is required'));
  if (datasetName !== '' && datasetUUID !== '') {
    errors.push(invalidField(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  }
  if (datasetName.includes('/')) errors.push(invalidField(at.child('datasetName'), datasetName, "must not contain '/'"));
  return errors;
}

export function validateNfs(nfs: core.v1.NFSVolumeSource, at: FieldPath): FieldError[] {
  const errors = validateRequired(nfs, at, ['server', 'path']);
  return nfs.path.startsWith('/') ? errors : [...errors, invalidField(at.child('path'), nfs.path, 'must be an absolute path')];
}

const hostPort = /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/;
const registryForm = 'must be a host:port pair or multiple pairs separated by commas';

function validateRegistry({ registry, tenant = '' }: core.v1.QuobyteVolumeSource, at: FieldPath): FieldError[] {
  const here = at.child('registry');
  if (registry === '') return [required(here, registryForm)];
  if (tenant.length >= 65) return [required(at.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters')];
  const wrong = registry.split(',').filter((pair) => !hostPort.test(pair));
  return wrong.map(() => invalidField(here, registry, registryForm));
}

export function validateQuobyte(quobyte: core.v1.QuobyteVolumeSource, at: FieldPath): FieldError[] {
  return [...validateRegistry(quobyte, at), ...validateRequired(quobyte, at, ['volume'])];
}

const initiatorForms: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([a-z0-9A-Z.-]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[0-9A-Za-z]{16}$/,
  naa: /^naa.[0-9A-Za-z]{32}$/,
};

/** A name of iSCSI (RFC 3720): `unknown` is what is said of a name of no known type. */
export function validateIscsiName(name: string, at: FieldPath, unknown: string): FieldError[] {
  const form = initiatorForms[name.slice(0, 3)];
  if (form === undefined) return [invalidField(at, name, unknown)];
  return form.test(name) ? [] : [invalidField(at, name, 'must be valid format')];
}

export function validateLun(lun: number, at: FieldPath): FieldError[] {
  return lun >= 0 && lun <= 255 ? [] : [invalidField(at, lun, 'must be between 0 and 255, inclusive')];
}

export function validateFibreChannel({ targetWWNs = [], wwids = [], lun }: core.v1.FCVolumeSource, at: FieldPath): FieldError[] {
  const targets = at.child('targetWWNs');
  const errors: FieldError[] = [];
  if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.push(required(targets, 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targetWWNs.length > 0 && wwids.length > 0) {
    errors.push(invalidField(targets, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (targetWWNs.length === 0) return errors;
  if (lun === undefined) return [...errors, required(at.child('lun'), 'lun is required if targetWWNs is specified')];
  return [...errors, ...validateLun(lun, at.child('lun'))];
}

const reservedNamespace = /(^|\.)(kubernetes\.io|k8s\.io)$/;

/** Of flexible volumes, in pods and of their own. */
export function validateFlexVolume(flex: core.v1.FlexVolumeSource | core.v1.FlexPersistentVolumeSource, at: FieldPath): FieldError[] {
  const reserved = Object.keys(flex.options ?? {}).filter((key) => reservedNamespace.test((key.split('/')[0] ?? '').toLowerCase()));
  return [
    ...validateRequired(flex, at, ['driver']),
    ...reserved.map((key) => invalidField(at.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved')),
  ];
}

const managedUri = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blobUri = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

function validateDiskUri({ kind, diskURI }: core.v1.AzureDiskVolumeSource, at: FieldPath): FieldError[] {
  if (kind === undefined) return [];
  const [prefix, form] = kind === 'Managed' ? ['/subscriptions/', managedUri] : ['https://', blobUri];
  return diskURI.startsWith(prefix) ? [] : [notSupported(at.child('diskURI'), diskURI, [form])];
}

export function validateAzureDisk(disk: core.v1.AzureDiskVolumeSource, at: FieldPath): FieldError[] {
  return [
    ...validateRequired(disk, at, ['diskName', 'diskURI']),
    ...validateOptionalEnumerated(disk.cachingMode, at.child('cachingMode'), ['None', 'ReadOnly', 'ReadWrite']),
    ...validateOptionalEnumerated(disk.kind, at.child('kind'), ['Dedicated', 'Managed', 'Shared']),
    ...validateDiskUri(disk, at),
  ];
}

type StorageOs = core.v1.StorageOSVolumeSource | core.v1.StorageOSPersistentVolumeSource;

/** Names of StorageOS volumes; who holds their secret differs between pods and volumes of their own. */
export function validateStorageOs({ volumeName = '', volumeNamespace }: StorageOs, at: FieldPath): FieldError[] {
  return [
    ...validateRequiredForm(volumeName, at.child('volumeName'), dns1123Label),
    ...validateOptionalForm(volumeNamespace, at.child('volumeNamespace'), dns1123Label),
  ];
}

/** Sources that need nothing but some of their fields, in pods and as volumes of their own alike. */
export const requiredSourceFields: Readonly<Record<string, readonly string[]>> = {
  azureFile: ['secretName', 'shareName'],
  cephfs: ['monitors'],
  cinder: ['volumeID'],
  glusterfs: ['endpoints', 'path'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  rbd: ['monitors', 'image'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  vsphereVolume: ['volumePath'],
};
