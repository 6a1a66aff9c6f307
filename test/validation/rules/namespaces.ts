import type { RulesOfKind } from '../rule.js';
import { notLabel, notQualifiedName } from './format-messages.js';

export const namespaces: RulesOfKind = {
  collection: '/api/v1/namespaces',
  kind: 'Namespace',
  example: {},
  rules: [
    {
      rule: 'the name is a label',
      accepted: { 'metadata.name': 'a-1' },
      refused: { 'metadata.name': 'a.b' },
      errors: ['metadata.name: Invalid value: "a.b": must not contain dots'],
    },
    {
      rule: 'the name is short, also as a label of the namespace',
      accepted: { 'metadata.name': 'a'.repeat(63) },
      refused: { 'metadata.name': 'a'.repeat(64) },
      errors: ['metadata.name', 'metadata.labels'].map(
        (path) => `${path}: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`,
      ),
    },
    {
      rule: 'a generated name starts like a label',
      accepted: { 'metadata.name': undefined, 'metadata.generateName': 'a-' },
      refused: { 'metadata.generateName': 'A-b-' },
      errors: [`metadata.generateName: Invalid value: "A-b-": ${notLabel}`],
    },
    {
      rule: 'a finalizer is a qualified name',
      accepted: { 'spec.finalizers': ['a.b/c'] },
      refused: { 'spec.finalizers': ['a/-'] },
      errors: [`spec.finalizers: Invalid value: "a/-": ${notQualifiedName}`],
    },
    {
      rule: 'a finalizer without a prefix is a standard one',
      accepted: { 'spec.finalizers': ['kubernetes'] },
      refused: { 'spec.finalizers': ['a'] },
      errors: ['spec.finalizers: Invalid value: "a": name is neither a standard finalizer name nor is it fully qualified'],
    },
    {
      rule: 'what is not being deleted is active',
      on: 'update/status',
      accepted: { 'status.phase': 'Active' },
      refused: { 'status.phase': 'Terminating' },
      errors: ['status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty'],
    },
    {
      rule: 'what is being deleted is terminating',
      on: 'update/status',
      deleting: true,
      accepted: { 'status.phase': 'Terminating' },
      refused: { 'status.phase': 'Active' },
      errors: ['status.Phase: Invalid value: "Active": may only be \'Terminating\' if `deletionTimestamp` is not empty'],
    },
  ],
};
