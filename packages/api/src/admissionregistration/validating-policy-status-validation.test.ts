import { expect, it } from 'vitest';
import { validateValidatingPolicyStatus } from './validating-policy-status-validation.js';

const condition = { type: 'a', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z', reason: 'A', message: '' };

function problems(status: object): string[] {
  return validateValidatingPolicyStatus({ status } as Parameters<typeof validateValidatingPolicyStatus>[0]).map(String);
}

it('takes what type checking finds', () => {
  expect(problems({})).toEqual([]);
  expect(problems({ typeChecking: { expressionWarnings: [{ fieldRef: 'spec.a', warning: 'b' }] }, conditions: [condition] })).toEqual([]);
});

it('wants to know what is found where', () => {
  expect(problems({ typeChecking: { expressionWarnings: [{ fieldRef: ' ', warning: '' }] } })).toEqual([
    'status.typeChecking.expressionWarnings[0].warning: Required value',
    'status.typeChecking.expressionWarnings[0].fieldRef: Required value',
  ]);
});

it('wants to be told by a path where it was found', () => {
  expect(problems({ typeChecking: { expressionWarnings: [{ fieldRef: ' spec.a[b] ', warning: 'b' }] } })).toEqual([
    'status.typeChecking.expressionWarnings[0].fieldRef: Invalid value: "spec.a[b]": invalid JSONPath: invalid array index b',
  ]);
});

it('wants conditions of the form that kinds share', () => {
  expect(problems({ conditions: [{ ...condition, status: 'Yes' }] })).toEqual([
    'status.conditions[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
  ]);
});
