import type { Rule, RulesOfKind } from '../rule.js';
import { fieldRule } from './field-rule.js';
import { notLabelValue, notQualifiedName, unsupported } from './format-messages.js';
import { requirementRules } from './requirement-rules.js';

const selectors: readonly Rule[] = [
  fieldRule(
    'a selector has proper keys',
    'spec.selector.matchLabels',
    { 'a.b/C': 'd' },
    { '-': 'd' },
    `Invalid value: "-": ${notQualifiedName}`,
  ),
  fieldRule('a selector has proper values', 'spec.selector.matchLabels', { a: '' }, { a: '-' }, `Invalid value: "-": ${notLabelValue}`),
  ...requirementRules('spec.selector.matchExpressions', 'labels'),
  {
    rule: 'labels are not compared as numbers',
    accepted: { 'spec.selector.matchExpressions': [{ key: 'a', operator: 'In', values: ['1'] }] },
    refused: { 'spec.selector.matchExpressions': [{ key: 'a', operator: 'Gt', values: ['1'] }] },
    errors: ['spec.selector.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator'],
  },
];

const conditions = 'status.conditions';
const condition = { type: 'a.b/C', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z', reason: 'A', message: '' };
const notReason =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end " +
  "with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', " +
  "regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";

const telling = (rule: string, accepted: object, refused: object, error: string): Rule => ({
  rule,
  on: 'update/status',
  accepted: { [conditions]: [{ ...condition, ...accepted }] },
  refused: { [conditions]: [{ ...condition, ...refused }] },
  errors: [`${conditions}[0].${error}`],
});

const conditionRules: readonly Rule[] = [
  telling('the type of a condition is a qualified name', { type: 'A' }, { type: '-' }, `type: Invalid value: "-": ${notQualifiedName}`),
  telling(
    'a condition has a known status',
    { status: 'Unknown' },
    { status: 'No' },
    `status: ${unsupported('No', 'False', 'True', 'Unknown')}`,
  ),
  telling(
    'the generation of a condition is not negative',
    { observedGeneration: 0 },
    { observedGeneration: -1 },
    'observedGeneration: Invalid value: -1: must be greater than or equal to zero',
  ),
  telling('it is told since when a condition is so', {}, { lastTransitionTime: null }, 'lastTransitionTime: Required value'),
  telling('a condition has a reason', { reason: 'a' }, { reason: '' }, 'reason: Required value'),
  telling(
    'the reason of a condition is of its form',
    { reason: 'A,b:c_' },
    { reason: 'A b' },
    `reason: Invalid value: "A b": ${notReason}`,
  ),
  telling(
    'the reason of a condition is short',
    { reason: 'a'.repeat(1024) },
    { reason: 'a'.repeat(1025) },
    'reason: Too long: may not be more than 1024 bytes',
  ),
  telling(
    'the message of a condition is not too long',
    { message: 'a'.repeat(32768) },
    { message: 'a'.repeat(32769) },
    'message: Too long: may not be more than 32768 bytes',
  ),
  {
    rule: 'there is one condition of a type',
    on: 'update/status',
    accepted: { [conditions]: [condition, { ...condition, type: 'D' }] },
    refused: { [conditions]: [condition, condition] },
    errors: [`${conditions}[1].type: Duplicate value: "a.b/C"`],
  },
];

/** Selectors and conditions are alike in all kinds that have them; here they are told of one. */
export const sharedParts: RulesOfKind = {
  collection: '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  kind: 'PodDisruptionBudget.policy',
  example: { spec: { maxUnavailable: 1 } },
  rules: [...selectors, ...conditionRules],
};
