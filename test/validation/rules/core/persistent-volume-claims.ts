import type { Rule, RulesOfKind } from '../../rule.js';
import { fieldRule } from '../field-rule.js';
import { notLabelValue, notSubdomain, unsupported } from '../format-messages.js';

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const storage = 'spec.resources.requests.storage';
const claim = { kind: 'PersistentVolumeClaim', name: 'a' };
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'a' };
const fixed =
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n';
const bound = { 'spec.volumeName': 'a', 'status.phase': 'Bound', 'status.capacity': { storage: '1Gi' } };

const sourceRules: Rule[] = [
  {
    rule: 'what a claim is filled from has a name',
    accepted: { 'spec.dataSource': claim },
    refused: { 'spec.dataSourceRef': { ...claim, name: '' } },
    errors: ['spec.dataSource.name: Required value', 'spec.dataSourceRef.name: Required value'],
  },
  {
    rule: 'what a claim is filled from has a kind',
    accepted: { 'spec.dataSource': snapshot },
    refused: { 'spec.dataSourceRef': { ...snapshot, kind: '' } },
    errors: ['spec.dataSource.kind: Required value', 'spec.dataSourceRef.kind: Required value'],
  },
  {
    rule: 'of the core, a claim is filled from claims',
    accepted: { 'spec.dataSourceRef': claim },
    refused: { 'spec.dataSourceRef': { kind: 'Secret', name: 'a' } },
    errors: ['dataSource', 'dataSourceRef'].map(
      (field) => `spec.${field}: Invalid value: "Secret": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
    ),
  },
  {
    rule: 'both fields about what a claim is filled from say the same',
    accepted: { 'spec.dataSource': claim, 'spec.dataSourceRef': claim },
    refused: { 'spec.dataSource': claim, 'spec.dataSourceRef': { ...claim, name: 'b' } },
    errors: ['spec: Invalid value: {}: must match dataSourceRef'],
  },
];

const changeRules: Rule[] = [
  {
    rule: 'a claim stays what it claims, and is bound once',
    on: 'update',
    accepted: { 'spec.volumeName': 'a' },
    refused: { [storage]: '2Gi' },
    errors: [
      `${fixed}@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n+   "storage": "2Gi"\n   }\n  },\n` +
        '  "VolumeName": "",\n',
    ],
  },
  {
    rule: 'a claim does not become smaller than its volume',
    on: 'update',
    before: { ...bound },
    accepted: { 'metadata.labels.a': 'b' },
    refused: { [storage]: '1Mi' },
    errors: [`${storage}: Forbidden: field can not be less than status.capacity`],
  },
  {
    rule: 'a claim stays one of a file system or not',
    on: 'update',
    accepted: { 'metadata.labels.a': 'b' },
    refused: { 'spec.volumeMode': 'Block' },
    errors: [
      `${fixed}@@ -11,7 +11,7 @@\n  },\n  "VolumeName": "",\n  "StorageClassName": null,\n- "VolumeMode": "Filesystem",\n+ "VolumeMode": "Block",\n` +
        '  "DataSource": null,\n  "DataSourceRef": null,\n  "VolumeAttributesClassName": null\n',
      'volumeMode: Invalid value: "Block": field is immutable',
    ],
  },
  {
    rule: 'a claim grows where its class lets it',
    on: 'update',
    before: { ...bound },
    accepted: { 'metadata.labels.a': 'b' },
    refused: { [storage]: '2Gi' },
    errors: [],
    refusal: {
      code: 403,
      reason: 'Forbidden',
      message:
        'persistentvolumeclaims "{name}" is forbidden: only dynamically provisioned pvc can be resized and ' +
        'the storageclass that provisions the pvc must support resize',
    },
  },
];

export const persistentVolumeClaims: RulesOfKind = {
  collection: '/api/v1/namespaces/default/persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  example: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  rules: [
    fieldRule(
      'a volume is accessed in some way',
      'spec.accessModes',
      ['ReadWriteMany'],
      [],
      'Required value: at least 1 access mode is required',
    ),
    fieldRule('the ways are ones that there are', 'spec.accessModes', modes.slice(0, 3), ['Write'], unsupported('Write', ...modes)),
    fieldRule(
      'who is for one pod is for no others',
      'spec.accessModes',
      ['ReadWriteOncePod'],
      ['ReadWriteOncePod', 'ReadWriteOnce'],
      'Forbidden: may not use ReadWriteOncePod with other access modes',
    ),
    {
      rule: 'a claim has a size',
      accepted: { [storage]: '1' },
      refused: { 'spec.resources': {} },
      errors: ['spec.resources[storage]: Required value'],
    },
    {
      rule: 'the size is more than nothing',
      accepted: { [storage]: '1m' },
      refused: { [storage]: '0' },
      errors: ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    },
    {
      rule: 'volumes are selected by labels',
      accepted: { 'spec.selector': { matchLabels: { a: 'b' } } },
      refused: { 'spec.selector': { matchLabels: { a: '-' } } },
      errors: [`spec.selector.matchLabels: Invalid value: "-": ${notLabelValue}`],
    },
    fieldRule('the class is named by a subdomain', 'spec.storageClassName', 'a.b', 'A', `Invalid value: "A": ${notSubdomain}`),
    fieldRule('the mode is one that there is', 'spec.volumeMode', 'Block', 'Tape', unsupported('Tape', 'Block', 'Filesystem')),
    ...sourceRules,
    ...changeRules,
  ],
};
