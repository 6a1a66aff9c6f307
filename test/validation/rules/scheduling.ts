import type { Rule, RulesOfKind } from '../rule.js';
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

const why = 'must not be provided in pod spec; priority admission controller computed';
const prioritized = (rule: string, accepted: object, refused: object, message: string): Rule => ({
  rule,
  accepted: { ...accepted },
  refused: { ...refused },
  errors: [],
  refusal: { code: 403, reason: 'Forbidden', message: `pods "{name}" is forbidden: ${message}` },
});

/** Pods that name a class of priority. */
export const prioritizedPods: RulesOfKind = {
  collection: '/api/v1/namespaces/default/pods',
  kind: 'Pod',
  given: [
    {
      collection: '/apis/scheduling.k8s.io/v1/priorityclasses',
      object: { metadata: { name: 'rules-high' }, value: 1000, preemptionPolicy: 'Never' },
    },
  ],
  example: { spec: { priorityClassName: 'rules-high', containers: [{ name: 'main', image: 'a' }] } },
  rules: [
    prioritized(
      'the class of a pod is there',
      { 'spec.priorityClassName': 'system-node-critical' },
      { 'spec.priorityClassName': 'rules-none' },
      'no PriorityClass with name rules-none was found',
    ),
    prioritized(
      'the priority of a pod is that of its class',
      { 'spec.priority': 1000 },
      { 'spec.priority': 5 },
      `the integer value of priority (5) ${why} 1000 from the given PriorityClass name`,
    ),
    prioritized(
      'a pod preempts as its class does',
      { 'spec.preemptionPolicy': 'Never' },
      { 'spec.preemptionPolicy': 'PreemptLowerPriority' },
      `the string value of PreemptionPolicy (PreemptLowerPriority) ${why} Never from the given PriorityClass name`,
    ),
  ],
};
