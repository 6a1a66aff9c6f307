import type { Rule } from '../../rule.js';
import { countsOfStatus, notNegative } from '../count-rules.js';

const [noon, later] = ['2024-01-01T12:00:00Z', '2024-01-01T13:00:00Z'];
const conditions = (...types: readonly string[]) => types.map((type) => ({ type, status: 'True' }));

const completed = {
  'status.startTime': noon,
  'status.completionTime': later,
  'status.conditions': conditions('SuccessCriteriaMet', 'Complete'),
};
const failed = { 'status.startTime': noon, 'status.conditions': conditions('FailureTarget', 'Failed') };
const indexed = { 'spec.completionMode': 'Indexed', 'spec.completions': 5, 'spec.backoffLimitPerIndex': 1 };

/** What a status may say. */
function statusRule(rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  return { rule, on: 'update/status', accepted: { ...accepted }, refused: { ...refused }, errors };
}

const refusedConditions = (detail: string): string => `status.conditions: Invalid value: ${detail}`;

const endRules: Rule[] = [
  statusRule(
    'a job has not succeeded and failed',
    completed,
    { ...completed, 'status.conditions': conditions('SuccessCriteriaMet', 'Complete', 'FailureTarget', 'Failed') },
    refusedConditions('cannot set Complete=True and Failed=true conditions'),
    refusedConditions('cannot set Complete=True and FailureTarget=true conditions'),
    refusedConditions('cannot set SuccessCriteriaMet=True and Failed=true conditions'),
    refusedConditions('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'),
  ),
  statusRule(
    'only a job that is complete has a time of completion',
    completed,
    { 'status.startTime': noon, 'status.completionTime': later },
    `status.completionTime: Invalid value: "${later}": cannot set completionTime when there is no Complete=True condition`,
  ),
  statusRule(
    'a job that is complete has a time of completion',
    completed,
    { ...completed, 'status.completionTime': undefined },
    'status.completionTime: Required value: completionTime is required for Complete jobs',
  ),
  statusRule(
    'a job does not end before it starts',
    { ...completed, 'status.completionTime': noon },
    { ...completed, 'status.startTime': later, 'status.completionTime': noon },
    `status.completionTime: Invalid value: "${noon}": completionTime cannot be set before startTime`,
  ),
  statusRule(
    'a job is to fail before it has failed',
    failed,
    { ...failed, 'status.conditions': conditions('Failed') },
    refusedConditions('cannot set Failed=True condition without the FailureTarget=true condition'),
  ),
  statusRule(
    'a job meets its criteria before it is complete',
    completed,
    { ...completed, 'status.conditions': conditions('Complete') },
    refusedConditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'),
  ),
  statusRule(
    'a finished job has no active pods',
    { ...completed, 'status.active': 0 },
    { ...completed, 'status.active': 1 },
    'status.active: Invalid value: 1: active>0 is invalid for finished job',
  ),
  statusRule(
    'a finished job has started',
    failed,
    { 'status.conditions': conditions('FailureTarget', 'Failed') },
    'status.startTime: Required value: startTime is required for finished job',
  ),
  statusRule(
    'a finished job has counted its pods',
    { ...failed, 'status.uncountedTerminatedPods': {} },
    { ...failed, 'status.uncountedTerminatedPods': { failed: ['a'] } },
    'status.uncountedTerminatedPods: Invalid value: {"Succeeded":null,"Failed":["a"]}: uncountedTerminatedPods needs to be empty for finished job',
  ),
  statusRule(
    'a finished job has no terminating pods',
    { ...completed, 'status.terminating': 0 },
    { ...completed, 'status.terminating': 1 },
    'status.terminating: Invalid value: 1: terminating>0 is invalid for finished job',
  ),
];

const podRules: Rule[] = [
  ...countsOfStatus('active', 'ready', 'terminating'),
  // Zero was more.
  ...(['succeeded', 'failed'] as const).map((counter) =>
    notNegative(`status.${counter}`, {
      on: 'update/status',
      errors: [
        `status.${counter}: Invalid value: -1: must be greater than or equal to 0`,
        `status.${counter}: Invalid value: -1: cannot decrease the ${counter} counter`,
      ],
    }),
  ),
  statusRule(
    'no more pods are ready than active',
    { 'status.active': 1, 'status.ready': 1 },
    { 'status.active': 1, 'status.ready': 2 },
    'status.ready: Invalid value: 2: cannot set more ready pods than active',
  ),
  statusRule(
    'pods that are not counted yet are named once',
    { 'status.uncountedTerminatedPods': { succeeded: ['a'], failed: ['b'] } },
    { 'status.uncountedTerminatedPods': { succeeded: ['a'], failed: ['a'] } },
    'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
  ),
  statusRule(
    'pods that are not counted yet are named',
    { 'status.uncountedTerminatedPods': { succeeded: ['a'] } },
    { 'status.uncountedTerminatedPods': { succeeded: [''] } },
    'status.uncountedTerminatedPods.succeeded[0]: Invalid value: "": must not be empty',
  ),
];

/** What may be said of a job with five indexes. */
function indexRule(rule: string, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  return { ...statusRule(rule, accepted, refused, ...errors), before: indexed };
}

const indexRules: Rule[] = [
  indexRule(
    'completed indexes are indexes',
    { 'status.completedIndexes': '0,2-4' },
    { 'status.completedIndexes': '0,5' },
    'status.completedIndexes: Invalid value: "0,5": error parsing completedIndexes: too large index: "5"',
  ),
  indexRule(
    'failed indexes are indexes',
    { 'status.failedIndexes': '1' },
    { 'status.failedIndexes': '1-' },
    'status.failedIndexes: Invalid value: "1-": error parsing failedIndexes: cannot convert string to integer for index: ""',
  ),
  indexRule(
    'an index has not failed and completed',
    { 'status.completedIndexes': '0,2-3', 'status.failedIndexes': '1,4' },
    { 'status.completedIndexes': '0,2-3', 'status.failedIndexes': '1,3' },
    'status.failedIndexes: Invalid value: "1,3": failedIndexes and completedIndexes overlap at index: 3',
  ),
  {
    rule: 'only a job with indexes completes them',
    on: 'update/status',
    accepted: { 'status.completedIndexes': '' },
    refused: { 'status.completedIndexes': '0' },
    errors: ['status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode'],
  },
  {
    rule: 'only a job that counts failures by index has failed ones',
    on: 'update/status',
    before: { 'spec.completionMode': 'Indexed', 'spec.completions': 5 },
    accepted: { 'status.completedIndexes': '0' },
    refused: { 'status.failedIndexes': '0' },
    errors: ['status.failedIndexes: Invalid value: "0": cannot set non-null failedIndexes when backoffLimitPerIndex is null'],
  },
];

/** What may become of a status. */
function changeRule(rule: string, before: object, accepted: object, refused: object, ...errors: readonly string[]): Rule {
  return { ...statusRule(rule, accepted, refused, ...errors), before: { ...before } };
}

const changeRules: Rule[] = [
  changeRule(
    'who has failed has failed',
    failed,
    { 'status.failed': 1 },
    { 'status.conditions': conditions('FailureTarget') },
    refusedConditions('cannot disable the terminal Failed=True condition'),
  ),
  changeRule(
    'who is to fail is to fail',
    { 'status.conditions': conditions('FailureTarget') },
    { 'status.failed': 1 },
    { 'status.conditions': [] },
    refusedConditions('cannot disable the terminal FailureTarget=True condition'),
  ),
  changeRule(
    'who is complete is complete',
    completed,
    { 'status.succeeded': 1 },
    { 'status.conditions': conditions('SuccessCriteriaMet'), 'status.completionTime': undefined },
    refusedConditions('cannot disable the terminal Complete=True condition'),
  ),
  changeRule(
    'criteria once met stay met',
    { 'status.conditions': conditions('SuccessCriteriaMet') },
    completed,
    { 'status.conditions': [] },
    refusedConditions('cannot disable the SuccessCriteriaMet=True condition'),
  ),
  changeRule(
    'failures are not taken back',
    { 'status.failed': 2 },
    { 'status.failed': 3 },
    { 'status.failed': 1 },
    'status.failed: Invalid value: 1: cannot decrease the failed counter',
  ),
  changeRule(
    'successes are not taken back',
    { 'status.succeeded': 2 },
    { 'status.succeeded': 3 },
    { 'status.succeeded': 1 },
    'status.succeeded: Invalid value: 1: cannot decrease the succeeded counter',
  ),
  changeRule(
    'successes are taken back only in a job with indexes that is made smaller',
    { ...indexed, 'spec.parallelism': 5, 'status.succeeded': 2, 'status.failed': 2 },
    { 'status.succeeded': 1 },
    { 'status.succeeded': 1, 'status.failed': 1 },
    'status.failed: Invalid value: 1: cannot decrease the failed counter',
  ),
  changeRule(
    'the time of completion does not change',
    completed,
    { 'status.completionTime': later },
    { 'status.completionTime': '2024-01-01T14:00:00Z' },
    'status.completionTime: Invalid value: "2024-01-01T14:00:00Z": field is immutable',
  ),
  changeRule(
    'a job that runs has started when it started',
    { 'status.startTime': noon },
    { 'status.active': 1 },
    { 'status.startTime': undefined },
    'status.startTime: Required value: startTime cannot be removed for unsuspended job',
  ),
  changeRule(
    'a job that is resumed starts anew',
    { 'status.startTime': noon, 'status.conditions': conditions('Suspended') },
    { 'status.startTime': later, 'status.conditions': [{ type: 'Suspended', status: 'False' }] },
    { 'status.startTime': later },
    'status.startTime: Required value: startTime cannot be removed for unsuspended job',
  ),
  changeRule(
    'a job that does not run may start anew',
    { 'spec.suspend': true, 'status.startTime': noon },
    { 'status.startTime': undefined },
    { 'status.startTime': undefined, 'status.active': -1 },
    'status.active: Invalid value: -1: must be greater than or equal to 0',
  ),
  {
    ...changeRule(
      'a job with a policy of success is complete when it is met',
      { ...indexed, 'spec.successPolicy': { rules: [{ succeededCount: 1 }] } },
      completed,
      { ...completed, 'status.conditions': conditions('Complete') },
      refusedConditions('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'),
      refusedConditions('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'),
    ),
  },
];

export const jobStatusRules: Rule[] = [...podRules, ...endRules, ...indexRules, ...changeRules];
