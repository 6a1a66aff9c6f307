import { expect, it } from 'vitest';
import { path } from '../field/path.js';
import { type SharedCondition, validateConditions } from './conditions.js';

const condition: SharedCondition = {
  type: 'a.b/C',
  status: 'True',
  lastTransitionTime: '2020-01-01T00:00:00Z',
  reason: 'A,b:c_',
  message: '',
};

function problems(...conditions: SharedCondition[]): string[] {
  return validateConditions(conditions, path('status', 'conditions')).map(String);
}

it('takes conditions of different types, or none', () => {
  expect(problems(condition, { ...condition, type: 'D', status: 'Unknown', observedGeneration: 0 })).toEqual([]);
  expect(validateConditions(null, path('status'))).toEqual([]);
});

it('says of the later one that its type is taken', () => {
  expect(problems(condition, condition)).toEqual(['status.conditions[1].type: Duplicate value: "a.b/C"']);
});

it('says all that is wrong with one', () => {
  const wrong = { type: '', status: '', observedGeneration: -1, lastTransitionTime: null, reason: '', message: 'a'.repeat(32769) };
  expect(problems(wrong)).toEqual([
    'status.conditions[0].type: Invalid value: "": name part must be non-empty',
    expect.stringMatching(/^status\.conditions\[0\]\.type: Invalid value: "": name part must consist of /),
    'status.conditions[0].status: Unsupported value: "": supported values: "False", "True", "Unknown"',
    'status.conditions[0].observedGeneration: Invalid value: -1: must be greater than or equal to zero',
    'status.conditions[0].lastTransitionTime: Required value',
    'status.conditions[0].reason: Required value',
    'status.conditions[0].message: Too long: may not be more than 32768 bytes',
  ]);
});
