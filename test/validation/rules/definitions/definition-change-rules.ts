import type { Rule } from '../../rule.js';
import { notDns1035Label } from '../format-messages.js';

const other = { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object' } } };
const lost =
  'missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ' +
  'ensures no data remains persisted in v1 and removes v1 from status.storedVersions';

export const definitionChangeRules: readonly Rule[] = [
  {
    rule: 'a group stays',
    on: 'update',
    accepted: { 'spec.names.categories': ['all'] },
    refused: { 'spec.group': 'other.example.com' },
    errors: ['spec.group: Invalid value: "other.example.com": field is immutable'],
  },
  {
    rule: 'plural stays',
    on: 'update',
    accepted: { 'spec.names.shortNames': ['changed'] },
    refused: { 'spec.names.plural': 'others' },
    errors: ['spec.names.plural: Invalid value: "others": field is immutable'],
  },
  {
    rule: 'a version that was stored stays',
    on: 'update',
    accepted: { 'spec.versions[1]': other },
    refused: { 'spec.versions': [{ ...other, storage: true }] },
    errors: [`status.storedVersions[0]: Invalid value: "v1": ${lost}`],
  },
  {
    rule: 'accepted names are labels',
    on: 'update/status',
    accepted: { 'status.acceptedNames.shortNames': ['a'] },
    refused: { 'status.acceptedNames.shortNames': ['A'] },
    errors: [`status.acceptedNames.shortNames[0]: Invalid value: "A": ${notDns1035Label}`],
  },
];
