import type { RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { notQualifiedName } from './format-messages.js';

const eventTime = '2024-01-01T00:00:00.000000Z';
const tooLong = (most: number) => `Invalid value: "": can have at most ${most} characters`;

export const events: RulesOfKind = {
  collection: '/api/v1/namespaces/default/events',
  kind: 'Event',
  example: { involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' }, reason: 'Made', type: 'Normal' },
  rules: [
    fieldRule(
      'an event is where its object is',
      'involvedObject.namespace',
      'default',
      'other',
      'Invalid value: "other": does not match event.namespace',
    ),
    {
      rule: 'a newer event of a cluster is where those are',
      accepted: { 'involvedObject.namespace': '' },
      refused: { eventTime, 'involvedObject.namespace': 'other' },
      errors: [
        'reportingComponent: Required value',
        'reportingComponent: Invalid value: "": name part must be non-empty',
        `reportingComponent: Invalid value: "": ${notQualifiedName}`,
        'reportingInstance: Required value',
        'action: Required value',
      ],
    },
  ],
};

export const newerEvents: RulesOfKind = {
  collection: '/apis/events.k8s.io/v1/namespaces/default/events',
  kind: 'Event',
  example: {
    eventTime,
    regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
    reason: 'Made',
    action: 'Make',
    type: 'Normal',
    reportingController: 'rules.example.com/maker',
    reportingInstance: 'maker-1',
  },
  rules: [
    fieldRule('there is a time', 'eventTime', eventTime, null, 'Required value'),
    fieldRule('an event has a known type', 'type', 'Warning', 'Odd', 'Invalid value: "": has invalid value: Odd'),
    fieldRule('a controller has a qualified name', 'reportingController', 'a', 'a b', `Invalid value: "a b": ${notQualifiedName}`),
    fieldRule('an instance is told', 'reportingInstance', 'a', '', 'Required value'),
    fieldRule('an instance is short', 'reportingInstance', 'a'.repeat(128), 'a'.repeat(129), tooLong(128)),
    fieldRule('an action is told', 'action', 'a', '', 'Required value'),
    fieldRule('an action is short', 'action', 'a'.repeat(128), 'a'.repeat(129), tooLong(128)),
    fieldRule('a reason is told', 'reason', 'a', '', 'Required value'),
    fieldRule('a reason is short', 'reason', 'a'.repeat(128), 'a'.repeat(129), tooLong(128)),
    {
      rule: 'a note is short',
      accepted: { note: 'a'.repeat(1024) },
      refused: { note: 'a'.repeat(1025) },
      errors: [`message: ${tooLong(1024)}`],
    },
    {
      rule: 'a series has several',
      accepted: { series: { count: 2, lastObservedTime: eventTime } },
      refused: { series: { count: 1, lastObservedTime: eventTime } },
      errors: ['series.count: Invalid value: "": should be at least 2'],
    },
    {
      rule: 'a series has a last time',
      accepted: { series: { count: 2, lastObservedTime: eventTime } },
      refused: { series: { count: 2, lastObservedTime: null } },
      errors: ['series.lastObservedTime: Required value'],
    },
    {
      rule: 'what is older is not counted',
      accepted: { deprecatedCount: 0 },
      refused: { deprecatedCount: 1 },
      errors: ['count: Invalid value: "": needs to be unset'],
    },
    {
      rule: 'an action stays',
      on: 'update',
      accepted: { series: { count: 2, lastObservedTime: eventTime } },
      refused: { action: 'Other' },
      errors: ['action: Invalid value: "Other": field is immutable'],
    },
    {
      rule: 'a note stays',
      on: 'update',
      accepted: { 'metadata.labels': { a: 'b' } },
      refused: { note: 'Other' },
      errors: ['message: Invalid value: "Other": field is immutable'],
    },
  ],
};
