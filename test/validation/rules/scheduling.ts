import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { unsupported } from './format-messages.js';

const reserved = "priority class names with 'system-' prefix are reserved for system use only. error:";

export const priorityClasses: RulesOfKind = {
  collection: '/apis/scheduling.k8s.io/v1/priorityclasses',
  kind: 'PriorityClass.scheduling.k8s.io',
  example: { value: 1000 },
  rules: [
    fieldRule(
      'names of the system are its own',
      'metadata.name',
      'systemic',
      'system-mine',
      `Forbidden: ${reserved} system-mine is not a known system priority class`,
    ),
    {
      rule: 'classes of the system have their values',
      accepted: { 'metadata.name': 'mine' },
      refused: { 'metadata.name': 'system-node-critical' },
      errors: [`metadata.name: Forbidden: ${reserved} value of system-node-critical PriorityClass must be 2000001000`],
    },
    fieldRule(
      'priorities of users are limited',
      'value',
      1000000000,
      1000000001,
      'Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ),
    fieldRule(
      'pods preempt by a known policy',
      'preemptionPolicy',
      'Never',
      'Always',
      unsupported('Always', 'PreemptLowerPriority', 'Never'),
    ),
    {
      rule: 'a value stays',
      on: 'update',
      accepted: { description: 'changed' },
      refused: { value: 1001 },
      errors: ['value: Forbidden: may not be changed in an update.'],
    },
    {
      rule: 'a policy stays',
      on: 'update',
      before: { preemptionPolicy: 'Never' },
      accepted: { preemptionPolicy: 'Never' },
      refused: { preemptionPolicy: 'PreemptLowerPriority' },
      errors: ['preemptionPolicy: Invalid value: "PreemptLowerPriority": field is immutable'],
    },
  ],
};
