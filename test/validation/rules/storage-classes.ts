import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { notQualifiedName, unsupported } from './format-messages.js';

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
const terms = (...values: readonly string[]) => [{ matchLabelExpressions: [{ key: 'zone', values }] }];

export const storageClasses: RulesOfKind = {
  collection: '/apis/storage.k8s.io/v1/storageclasses',
  kind: 'StorageClass.storage.k8s.io',
  example: { provisioner: 'rules.example.com/disk' },
  rules: [
    fieldRule('there is a provisioner', 'provisioner', 'a', '', 'Required value'),
    fieldRule('a provisioner has a qualified name', 'provisioner', 'Example.com/A', 'A b', `Invalid value: "a b": ${notQualifiedName}`),
    fieldRule('parameters are few', 'parameters', many(512), many(513), 'Too long: may not be more than 512 bytes'),
    fieldRule(
      'parameters are small',
      'parameters',
      { k: 'v'.repeat(262143) },
      { k: 'v'.repeat(262144) },
      'Too long: may not be more than 262144 bytes',
    ),
    fieldRule('parameters have names', 'parameters', { k: '' }, { '': 'v' }, 'Invalid value: "": field can not be empty.'),
    fieldRule('volumes are reclaimed by a known policy', 'reclaimPolicy', 'Retain', 'Recycle', unsupported('Recycle', 'Delete', 'Retain')),
    fieldRule(
      'volumes are bound in a known way',
      'volumeBindingMode',
      'WaitForFirstConsumer',
      'Late',
      unsupported('Late', 'Immediate', 'WaitForFirstConsumer'),
    ),
    {
      rule: 'a topology has values',
      accepted: { allowedTopologies: terms('a') },
      refused: { allowedTopologies: terms() },
      errors: ['allowedTopologies[0].matchLabelExpressions[0].values: Required value'],
    },
    {
      rule: 'parameters stay',
      on: 'update',
      accepted: { allowVolumeExpansion: true },
      refused: { parameters: { k: 'v' } },
      errors: ['parameters: Forbidden: updates to parameters are forbidden.'],
    },
    {
      rule: 'parameters that are none do not become empty ones',
      on: 'update',
      accepted: { parameters: null },
      refused: { parameters: {} },
      errors: ['parameters: Forbidden: updates to parameters are forbidden.'],
    },
    {
      rule: 'a provisioner stays',
      on: 'update',
      accepted: { mountOptions: ['ro'] },
      refused: { provisioner: 'rules.example.com/other' },
      errors: ['provisioner: Forbidden: updates to provisioner are forbidden.'],
    },
    {
      rule: 'a policy of reclaiming stays',
      on: 'update',
      accepted: { 'metadata.labels': { a: 'b' } },
      refused: { reclaimPolicy: 'Retain' },
      errors: ['reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.'],
    },
    {
      rule: 'a way of binding stays',
      on: 'update',
      accepted: { volumeBindingMode: 'Immediate' },
      refused: { volumeBindingMode: 'WaitForFirstConsumer' },
      errors: ['volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable'],
    },
  ],
};
