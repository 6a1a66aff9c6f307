import { type FieldError, invalidField, omittedValue, path, required } from '@keelson/machinery';
import { type batch, internalForm } from '@keelson/schema';
import { commonIndex, countIndexes } from './job-indexes.js';
import { hasCondition } from './job-status-text.js';

type Job = batch.v1.Job;
type JobStatus = batch.v1.JobStatus;

/** Something that a status says. */
type Part = (status: JobStatus) => unknown;

/** What a status must keep to, so that who runs the job may be another than the job controller (KEP-4368). */
interface StateRule {
  /** The rule is looked at when one of these has changed. */
  readonly about: readonly Part[] | 'always';
  readonly problem: (job: Job) => FieldError | undefined;
}

const at = path('status');
const finished: Part = (status) => hasCondition(status, 'Complete') || hasCondition(status, 'Failed');
const complete: Part = (status) => hasCondition(status, 'Complete');
const failed: Part = (status) => hasCondition(status, 'Failed');
const failureTarget: Part = (status) => hasCondition(status, 'FailureTarget');
const successCriteriaMet: Part = (status) => hasCondition(status, 'SuccessCriteriaMet');
const active: Part = (status) => status.active ?? 0;
const completedIndexes: Part = (status) => status.completedIndexes ?? '';
const field =
  (name: keyof JobStatus): Part =>
  (status) =>
    status[name];

/** Conditions that exclude each other. */
function exclusive(about: StateRule['about'], one: Part, other: Part, words: string): StateRule {
  const problem = ({ status }: Job) =>
    one(status) && other(status) ? invalidField(at.child('conditions'), omittedValue, `cannot set ${words} conditions`) : undefined;
  return { about, problem };
}

/** A condition that a job must have before it has another. */
function precondition(first: Part, end: Part, words: string): StateRule {
  const problem = ({ status }: Job) =>
    end(status) && !first(status) ? invalidField(at.child('conditions'), omittedValue, `cannot set ${words}=true condition`) : undefined;
  return { about: [first, end], problem };
}

/** Pods that a finished job cannot have any more. */
function noneWhenFinished(name: 'active' | 'terminating'): StateRule {
  const problem = ({ status }: Job) =>
    finished(status) && (status[name] ?? 0) > 0
      ? invalidField(at.child(name), status[name], `${name}>0 is invalid for finished job`)
      : undefined;
  return { about: [finished, name === 'active' ? active : field(name)], problem };
}

function validateCompletionTime({ status }: Job): FieldError | undefined {
  const here = at.child('completionTime');
  const { completionTime } = status;
  if (completionTime !== undefined && !complete(status)) {
    return invalidField(here, completionTime, 'cannot set completionTime when there is no Complete=True condition');
  }
  return completionTime === undefined && complete(status) ? required(here, 'completionTime is required for Complete jobs') : undefined;
}

function validateTimeOrder({ status: { startTime, completionTime } }: Job): FieldError | undefined {
  if (startTime === undefined || completionTime === undefined || Date.parse(completionTime) >= Date.parse(startTime)) return undefined;
  return invalidField(at.child('completionTime'), completionTime, 'completionTime cannot be set before startTime');
}

function validateUncountedOfFinished({ status }: Job): FieldError | undefined {
  const pods = status.uncountedTerminatedPods;
  if (!finished(status) || pods === undefined || (pods.failed?.length ?? 0) + (pods.succeeded?.length ?? 0) === 0) return undefined;
  const shown = internalForm('batch.v1.UncountedTerminatedPods', pods);
  return invalidField(at.child('uncountedTerminatedPods'), shown, 'uncountedTerminatedPods needs to be empty for finished job');
}

function validateIndexes(name: 'completedIndexes' | 'failedIndexes', { spec, status }: Job): FieldError | undefined {
  const text = status[name];
  if (text === undefined || spec.completions === undefined) return undefined;
  const count = countIndexes(text, spec.completions);
  return typeof count === 'number' ? undefined : invalidField(at.child(name), text, `error parsing ${name}: ${count}`);
}

function validateDisjointIndexes({ spec, status }: Job): FieldError | undefined {
  const { completedIndexes: completed = '', failedIndexes } = status;
  if (spec.completions === undefined || failedIndexes === undefined) return undefined;
  const index = commonIndex(completed, failedIndexes, spec.completions);
  if (index === undefined) return undefined;
  return invalidField(at.child('failedIndexes'), failedIndexes, `failedIndexes and completedIndexes overlap at index: ${index}`);
}

/** In the order that clients are told of breaches. */
export const stateRules: readonly StateRule[] = [
  exclusive([complete, failed], complete, failed, 'Complete=True and Failed=true'),
  exclusive([complete, failureTarget], complete, failureTarget, 'Complete=True and FailureTarget=true'),
  { about: [complete, field('completionTime')], problem: validateCompletionTime },
  { about: [field('startTime'), field('completionTime')], problem: validateTimeOrder },
  precondition(failureTarget, failed, 'Failed=True condition without the FailureTarget'),
  precondition(successCriteriaMet, complete, 'Complete=True condition without the SuccessCriteriaMet'),
  noneWhenFinished('active'),
  {
    about: [finished, field('startTime')],
    problem: ({ status }) =>
      finished(status) && status.startTime === undefined
        ? required(at.child('startTime'), 'startTime is required for finished job')
        : undefined,
  },
  { about: [finished, field('uncountedTerminatedPods')], problem: validateUncountedOfFinished },
  { about: [completedIndexes], problem: (job) => validateIndexes('completedIndexes', job) },
  {
    about: [field('failedIndexes')],
    problem: (job) => (job.spec.backoffLimitPerIndex === undefined ? undefined : validateIndexes('failedIndexes', job)),
  },
  {
    about: [completedIndexes],
    problem: ({ spec, status }) =>
      status.completedIndexes && spec.completionMode !== 'Indexed'
        ? invalidField(
            at.child('completedIndexes'),
            status.completedIndexes,
            'cannot set non-empty completedIndexes when non-indexed completion mode',
          )
        : undefined,
  },
  {
    about: [field('failedIndexes')],
    problem: ({ spec, status }) =>
      status.failedIndexes !== undefined && spec.backoffLimitPerIndex === undefined
        ? invalidField(
            at.child('failedIndexes'),
            status.failedIndexes,
            'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
          )
        : undefined,
  },
  { about: [field('failedIndexes'), completedIndexes], problem: validateDisjointIndexes },
  noneWhenFinished('terminating'),
  {
    about: [field('ready'), active],
    problem: ({ status }) =>
      status.ready !== undefined && status.ready > (status.active ?? 0)
        ? invalidField(at.child('ready'), status.ready, 'cannot set more ready pods than active')
        : undefined,
  },
  exclusive('always', successCriteriaMet, failed, 'SuccessCriteriaMet=True and Failed=true'),
  exclusive('always', successCriteriaMet, failureTarget, 'SuccessCriteriaMet=True and FailureTarget=true'),
  {
    about: 'always',
    problem: ({ spec, status }) =>
      spec.successPolicy !== undefined && complete(status) && !successCriteriaMet(status)
        ? invalidField(
            at.child('conditions'),
            omittedValue,
            'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True',
          )
        : undefined,
  },
];
