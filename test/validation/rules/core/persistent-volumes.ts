import type { Rule, RulesOfKind } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notSubdomain, unsupported } from '../format-messages.js';

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const onNode = (name: string) => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }] }] },
});
const refusedMode = `spec.accessModes: ${unsupported('Write', ...modes)}`;
const oneSource = 'Forbidden: may not specify more than 1 volume type';

const capacityRules: Rule[] = [
  {
    rule: 'a volume has a size',
    accepted: { 'spec.capacity': { storage: '1' } },
    refused: { 'spec.capacity': {} },
    errors: ['spec.capacity: Required value', 'spec.capacity: Unsupported value: {}: supported values: "storage"'],
  },
  {
    rule: 'a volume has no more than a size',
    accepted: { 'spec.capacity': { storage: '2Gi' } },
    refused: { 'spec.capacity': { storage: '1Gi', cpu: '1' } },
    errors: ['spec.capacity: Unsupported value: {"cpu":"1","storage":"1Gi"}: supported values: "storage"'],
  },
  {
    rule: 'the size is more than nothing',
    accepted: { 'spec.capacity': { storage: '1m' } },
    refused: { 'spec.capacity': { storage: '0' } },
    errors: ['spec.capacity[storage]: Invalid value: "0": must be greater than zero'],
  },
];

const sourceRules: Rule[] = [
  {
    rule: 'a volume is made of something',
    accepted: { 'spec.hostPath': undefined, 'spec.nfs': { server: 'a', path: '/' } },
    refused: { 'spec.hostPath': undefined },
    errors: ['spec: Required value: must specify a volume type'],
  },
  {
    rule: 'a volume is made of one thing',
    accepted: { 'spec.hostPath': undefined, 'spec.csi': { driver: 'a.b', volumeHandle: 'c' } },
    refused: { 'spec.nfs': { server: 'a', path: '/' }, 'spec.csi': { driver: 'a.b', volumeHandle: 'c' } },
    errors: [`spec.nfs: ${oneSource}`, `spec.csi: ${oneSource}`],
  },
  {
    rule: 'a disk of a node says which node',
    accepted: { 'spec.hostPath': undefined, 'spec.local': { path: '/a' }, 'spec.nodeAffinity': onNode('a') },
    refused: { 'spec.hostPath': undefined, 'spec.local': { path: '/a' } },
    errors: ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  },
  {
    rule: 'the root of a node is not wiped',
    accepted: { 'spec.hostPath.path': '/a', 'spec.persistentVolumeReclaimPolicy': 'Recycle' },
    refused: { 'spec.hostPath.path': '/.', 'spec.persistentVolumeReclaimPolicy': 'Recycle' },
    errors: ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  },
];

const changeRules: Rule[] = [
  {
    rule: 'a volume stays what it is made of',
    on: 'update',
    accepted: { 'spec.capacity': { storage: '5Gi' } },
    refused: { 'spec.hostPath.path': '/b' },
    errors: [
      'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\n' +
        '@@ -2,7 +2,7 @@\n  "GCEPersistentDisk": null,\n  "AWSElasticBlockStore": null,\n  "HostPath": {\n-  "Path": "/a",\n+  "Path": "/b",\n' +
        '   "Type": ""\n  },\n  "Glusterfs": null,\n',
    ],
  },
  {
    rule: 'a volume stays a file system or not',
    on: 'update',
    accepted: { 'spec.storageClassName': 'a' },
    refused: { 'spec.volumeMode': 'Block' },
    errors: ['volumeMode: Invalid value: "Block": field is immutable'],
  },
  {
    rule: 'a volume stays where it is',
    on: 'update',
    before: { 'spec.nodeAffinity': onNode('a') },
    accepted: { 'spec.accessModes': ['ReadOnlyMany'] },
    refused: { 'spec.nodeAffinity': onNode('b') },
    errors: [
      'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"kubernetes.io/hostname","Operator":"In",' +
        '"Values":["b"]}],"MatchFields":null}]}}: field is immutable, except for updating from beta label to GA',
    ],
  },
  {
    rule: 'what is changed is looked at twice',
    on: 'update',
    accepted: { 'spec.persistentVolumeReclaimPolicy': 'Delete' },
    refused: { 'spec.accessModes': ['Write'] },
    errors: [refusedMode, refusedMode],
  },
];

export const persistentVolumes: RulesOfKind = {
  collection: '/api/v1/persistentvolumes',
  kind: 'PersistentVolume',
  example: { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } } },
  rules: [
    fieldRule('a volume is accessed in some way', 'spec.accessModes', ['ReadWriteMany'], [], 'Required value'),
    fieldRule('the ways are ones that there are', 'spec.accessModes', modes.slice(0, 3), ['Write'], unsupported('Write', ...modes)),
    fieldRule(
      'who is for one pod is for no others',
      'spec.accessModes',
      ['ReadWriteOncePod'],
      ['ReadWriteOncePod', 'ReadWriteOnce'],
      'Forbidden: may not use ReadWriteOncePod with other access modes',
    ),
    ...capacityRules,
    fieldRule(
      'what becomes of a volume is something that there is',
      'spec.persistentVolumeReclaimPolicy',
      'Delete',
      'Sell',
      unsupported('Sell', 'Delete', 'Recycle', 'Retain'),
    ),
    ...sourceRules,
    fieldRule('the class is named by a subdomain', 'spec.storageClassName', 'a.b', 'A', `Invalid value: "A": ${notSubdomain}`),
    fieldRule('the mode is one that there is', 'spec.volumeMode', 'Block', 'Tape', unsupported('Tape', 'Block', 'Filesystem')),
    ...changeRules,
  ],
};
