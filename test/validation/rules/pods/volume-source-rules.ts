import type { Rule } from '../../rule.js';
import { notLabel, unsupported } from '../format-messages.js';

const volume = 'spec.volumes[0]';

const source = (rule: string, accepted: object, refused: object, ...problems: string[]): Rule => ({
  rule,
  accepted: { [volume]: { name: 'v', ...accepted } },
  refused: { [volume]: { name: 'v', ...refused } },
  errors: problems.map((problem) => `${volume}.${problem}`),
});

/** A source that needs nothing but some of its fields. */
const needing = (name: string, whole: Readonly<Record<string, unknown>>, ...fields: string[]): readonly Rule[] =>
  fields.map((field) =>
    source(
      `${name} has ${field}`,
      { [name]: whole },
      { [name]: { ...whole, [field]: Array.isArray(whole[field]) ? [] : '' } },
      `${name}.${field}: Required value`,
    ),
  );

const iscsi = { targetPortal: '10.0.0.1:3260', iqn: 'iqn.2001-04.com.example:a', lun: 0 };
const fc = { targetWWNs: ['a'], lun: 0 };
const azureDisk = { diskName: 'a', diskURI: 'https://a.blob.core.windows.net/b/c.vhd' };

/** Sources that are there for clusters with storage of their own. */
export const volumeSourceRules: readonly Rule[] = [
  // The place of this one is told by another name.
  source(
    'gcePersistentDisk has pdName',
    { gcePersistentDisk: { pdName: 'a' } },
    { gcePersistentDisk: { pdName: '' } },
    'persistentDisk.pdName: Required value',
  ),
  source(
    'a partition of a disk is in range',
    { gcePersistentDisk: { pdName: 'a', partition: 255 } },
    { gcePersistentDisk: { pdName: 'a', partition: 256 } },
    'persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
  ),
  ...needing('awsElasticBlockStore', { volumeID: 'a' }, 'volumeID'),
  ...needing('azureFile', { secretName: 'a', shareName: 'b' }, 'secretName', 'shareName'),
  ...needing('cephfs', { monitors: ['a'] }, 'monitors'),
  ...needing('cinder', { volumeID: 'a' }, 'volumeID'),
  ...needing('glusterfs', { endpoints: 'a', path: 'b' }, 'endpoints', 'path'),
  ...needing('photonPersistentDisk', { pdID: 'a' }, 'pdID'),
  ...needing('portworxVolume', { volumeID: 'a' }, 'volumeID'),
  ...needing('rbd', { monitors: ['a'], image: 'b' }, 'monitors', 'image'),
  ...needing('scaleIO', { gateway: 'a', system: 'b', volumeName: 'c', secretRef: { name: 's' } }, 'gateway', 'system', 'volumeName'),
  ...needing('vsphereVolume', { volumePath: 'a' }, 'volumePath'),
  ...needing('quobyte', { registry: 'a:1', volume: 'b' }, 'volume'),
  ...needing('flexVolume', { driver: 'a' }, 'driver'),
  ...needing('gitRepo', { repository: 'a' }, 'repository'),
  source(
    'a folder of a repository does not climb',
    { gitRepo: { repository: 'a', directory: 'b' } },
    { gitRepo: { repository: 'a', directory: '../b' } },
    'gitRepo.directory: Invalid value: "../b": must not contain \'..\'',
  ),
  source(
    'a registry is a list of hosts',
    { quobyte: { registry: 'a:1,b:2', volume: 'v' } },
    { quobyte: { registry: 'a', volume: 'v' } },
    'quobyte.registry: Invalid value: "a": must be a host:port pair or multiple pairs separated by commas',
  ),
  source(
    'a flocker has a set',
    { flocker: { datasetName: 'a' } },
    { flocker: {} },
    'flocker: Required value: one of datasetName and datasetUUID is required',
  ),
  source(
    'options of a flexible volume are not reserved',
    { flexVolume: { driver: 'a', options: { 'a.io/b': 'c' } } },
    { flexVolume: { driver: 'a', options: { 'k8s.io/b': 'c' } } },
    'flexVolume.options[k8s.io/b]: Invalid value: "k8s.io/b": kubernetes.io and k8s.io namespaces are reserved',
  ),
  source(
    'a fibre channel has targets',
    { fc },
    { fc: { lun: 0 } },
    'fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both',
  ),
  source(
    'a target of a fibre channel has a number',
    { fc },
    { fc: { targetWWNs: ['a'] } },
    'fc.lun: Required value: lun is required if targetWWNs is specified',
  ),
  source(
    'the number of a target of a fibre channel is in range',
    { fc: { ...fc, lun: 255 } },
    { fc: { ...fc, lun: 256 } },
    'fc.lun: Invalid value: 256: must be between 0 and 255, inclusive',
  ),
  source('an iSCSI volume has a portal', { iscsi }, { iscsi: { ...iscsi, targetPortal: '' } }, 'iscsi.targetPortal: Required value'),
  source('an iSCSI volume has a name', { iscsi }, { iscsi: { ...iscsi, iqn: '' } }, 'iscsi.iqn: Required value'),
  source(
    'the name of an iSCSI volume is of its form',
    { iscsi },
    { iscsi: { ...iscsi, iqn: 'iqn.a' } },
    'iscsi.iqn: Invalid value: "iqn.a": must be valid format',
  ),
  source(
    'the number of an iSCSI volume is in range',
    { iscsi: { ...iscsi, lun: 255 } },
    { iscsi: { ...iscsi, lun: 256 } },
    'iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
  ),
  source(
    'a disk of Azure is cached in a known way',
    { azureDisk: { ...azureDisk, cachingMode: 'ReadOnly' } },
    { azureDisk: { ...azureDisk, cachingMode: 'All' } },
    `azureDisk.cachingMode: ${unsupported('All', 'None', 'ReadOnly', 'ReadWrite')}`,
  ),
  source(
    'a disk of Azure is of a known kind',
    { azureDisk: { ...azureDisk, kind: 'Shared' } },
    { azureDisk: { ...azureDisk, kind: 'Own' } },
    `azureDisk.kind: ${unsupported('Own', 'Dedicated', 'Managed', 'Shared')}`,
  ),
  source(
    'a volume of StorageOS has a proper name',
    { storageos: { volumeName: 'a' } },
    { storageos: { volumeName: 'A' } },
    `storageos.volumeName: Invalid value: "A": ${notLabel}`,
  ),
];
