import { dns1123Subdomain } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../testing/problems-of.js';
import { persistentVolumes } from './persistent-volumes.js';

const basics = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } };
const csi = { driver: 'd.example.com', volumeHandle: 'h' };

const problems = (spec: object, old?: object) => problemsOf(persistentVolumes, { spec }, old && { spec: old });
const ofSource = (source: object) => problems({ ...basics, ...source });
const notSubdomain = dns1123Subdomain('Bad!')[0];

describe('every source is accepted', () => {
  it.each<object>([
    { hostPath: { path: '/x', type: 'Directory' } },
    { gcePersistentDisk: { pdName: 'd', partition: 1 } },
    { awsElasticBlockStore: { volumeID: 'v' } },
    { glusterfs: { endpoints: 'e', path: 'p', endpointsNamespace: 'ns' } },
    { flocker: { datasetName: 'd' } },
    { nfs: { server: 's', path: '/p' } },
    { rbd: { monitors: ['m'], image: 'i' } },
    { quobyte: { registry: 'a:1,[::1]:2', volume: 'v' } },
    { cephfs: { monitors: ['m'] } },
    { iscsi: { targetPortal: '1.2.3.4', iqn: 'iqn.2015-02.example.com:test', lun: 255, initiatorName: 'eui.0123456789abcdef' } },
    { cinder: { volumeID: 'v', secretRef: { name: 's', namespace: 'ns' } } },
    { fc: { targetWWNs: ['w'], lun: 0 } },
    { flexVolume: { driver: 'd', options: { 'example.com/o': 'v' } } },
    { azureFile: { secretName: 's', shareName: 's' } },
    { vsphereVolume: { volumePath: 'p' } },
    { photonPersistentDisk: { pdID: 'p' } },
    { portworxVolume: { volumeID: 'v' } },
    { azureDisk: { diskName: 'd', diskURI: 'https://d', kind: 'Shared', cachingMode: 'None' } },
    { scaleIO: { gateway: 'g', system: 's', volumeName: 'v', secretRef: { name: 's' } } },
    {
      local: { path: '/p' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] } },
    },
    { storageos: { volumeName: 'v', volumeNamespace: 'ns' } },
    { csi: { ...csi, nodePublishSecretRef: { name: 's', namespace: 'ns' } } },
  ])('%j', (source) => {
    expect(ofSource(source)).toEqual([]);
  });
});

describe('what is wrong with a source is said', () => {
  it.each<[object, string[]]>([
    [{}, ['spec: Required value: must specify a volume type']],
    [{ hostPath: { path: '/x/../y' } }, [`spec.hostPath.path: Invalid value: "/x/../y": must not contain '..'`]],
    [
      { hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' },
      ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
    ],
    [
      { gcePersistentDisk: { pdName: '', partition: 256 } },
      [
        'spec.persistentDisk.pdName: Required value',
        'spec.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
      ],
    ],
    [
      { flocker: { datasetName: 'a/b', datasetUUID: 'u' } },
      [
        'spec.flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously',
        `spec.flocker.datasetName: Invalid value: "a/b": must not contain '/'`,
      ],
    ],
    [
      { nfs: { server: '', path: 'p' } },
      ['spec.nfs.server: Required value', 'spec.nfs.path: Invalid value: "p": must be an absolute path'],
    ],
    [
      { quobyte: { registry: 'host', volume: 'v' } },
      ['spec.quobyte.registry: Invalid value: "host": must be a host:port pair or multiple pairs separated by commas'],
    ],
    [
      { iscsi: { targetPortal: 'p', iqn: 'iqn.x', lun: 256, chapAuthSession: true } },
      [
        'spec.iscsi.iqn: Invalid value: "iqn.x": must be valid format',
        'spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
        'spec.iscsi.secretRef: Required value',
      ],
    ],
    [
      { cinder: { volumeID: 'v', secretRef: {} } },
      ['spec.cinder.secretRef.name: Required value', 'spec.cinder.secretRef.namespace: Required value'],
    ],
    [{ fc: {} }, ['spec.fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both']],
    [{ fc: { targetWWNs: ['w'] } }, ['spec.fc.lun: Required value: lun is required if targetWWNs is specified']],
    [
      { flexVolume: { driver: 'd', options: { 'a.k8s.io/o': '' } } },
      ['spec.flexVolume.options[a.k8s.io/o]: Invalid value: "a.k8s.io/o": kubernetes.io and k8s.io namespaces are reserved'],
    ],
    [
      { azureDisk: { diskName: 'd', diskURI: 'x', kind: 'Managed' } },
      [
        'spec.azureDisk.diskURI: Unsupported value: "x": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
      ],
    ],
    [{ local: { path: '/p' } }, ['spec.nodeAffinity: Required value: Local volume requires node affinity']],
    [
      { storageos: { volumeName: '', secretRef: { name: 's' } } },
      ['spec.storageos.volumeName: Required value', 'spec.storageos.secretRef.namespace: Required value'],
    ],
    [
      { csi: { driver: 'Bad!', volumeHandle: '' } },
      [`spec.csi.driver: Invalid value: "Bad!": ${notSubdomain}`, 'spec.csi.volumeHandle: Required value'],
    ],
    [{ nfs: { server: 's', path: '/' }, csi }, ['spec.csi: Forbidden: may not specify more than 1 volume type']],
  ])('%j', (source, expected) => {
    expect(ofSource(source)).toEqual(expected);
  });
});

describe('the rest of the spec', () => {
  it.each<[object, string[]]>([
    [{ accessModes: ['ReadWriteOncePod'], volumeMode: 'Block', storageClassName: 'c', volumeAttributesClassName: 'a' }, []],
    [{ accessModes: null }, ['spec.accessModes: Required value']],
    [
      { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] },
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
    [
      { accessModes: ['ReadWriteOncePod', 'x'] },
      ['spec.accessModes: Unsupported value: "x": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'],
    ],
    [{ capacity: null }, ['spec.capacity: Required value', 'spec.capacity: Unsupported value: null: supported values: "storage"']],
    [
      { capacity: { storage: '-1' } },
      [
        'spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
        'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
      ],
    ],
    [
      { persistentVolumeReclaimPolicy: 'Keep' },
      ['spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"'],
    ],
    [{ nodeAffinity: {} }, ['spec.nodeAffinity.required: Required value: must specify required node constraints']],
    [{ storageClassName: 'Bad!' }, [`spec.storageClassName: Invalid value: "Bad!": ${notSubdomain}`]],
    [{ volumeMode: 'Tape' }, ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"']],
    [{ volumeAttributesClassName: '' }, ['spec.volumeAttributesClassName: Required value: an empty string is disallowed']],
    [
      { csi: undefined, nfs: { server: 's', path: '/' }, volumeAttributesClassName: 'a' },
      ['spec.csi: Required value: has to be specified when using volumeAttributesClassName'],
    ],
  ])('%j', (spec, expected) => {
    expect(problems({ ...basics, csi, ...spec })).toEqual(expected);
  });
});

describe('an update', () => {
  const affinity = (key: string) => ({ required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'Exists' }] }] } });
  const old = { ...basics, csi, volumeAttributesClassName: 'a', nodeAffinity: affinity('beta.kubernetes.io/os') };

  it.each<object>([
    { csi: { ...csi, controllerExpandSecretRef: { name: 's', namespace: 'ns' } } },
    { nodeAffinity: affinity('kubernetes.io/os') },
    { volumeAttributesClassName: 'b', storageClassName: 'c' },
  ])('may be %j', (change) => {
    expect(problems({ ...old, ...change }, old)).toEqual([]);
  });

  it('may not change the source', () => {
    expect(problems({ ...old, csi: { ...csi, fsType: 'xfs' } }, old)).toEqual([
      'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n' +
        '@@ -24,7 +24,7 @@\n   "Driver": "d.example.com",\n   "VolumeHandle": "h",\n   "ReadOnly": false,\n' +
        '-  "FSType": "",\n+  "FSType": "xfs",\n   "VolumeAttributes": null,\n   "ControllerPublishSecretRef": null,\n   "NodeStageSecretRef": null,\n',
    ]);
  });

  it.each<[object, string[]]>([
    [{ volumeMode: 'Block' }, ['volumeMode: Invalid value: "Block": field is immutable']],
    [
      { nodeAffinity: affinity('x') },
      [
        'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"x","Operator":"Exists","Values":null}],"MatchFields":null}]}}: ' +
          'field is immutable, except for updating from beta label to GA',
      ],
    ],
    [
      { volumeAttributesClassName: undefined },
      ['spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden'],
    ],
    [{ accessModes: null }, ['spec.accessModes: Required value', 'spec.accessModes: Required value']],
  ])('may not be %j', (change, expected) => {
    expect(problems({ ...old, ...change }, old)).toEqual(expected);
  });
});
