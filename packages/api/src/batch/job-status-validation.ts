import { type FieldError, invalidField, omittedValue, path, required, validateImmutable } from '@keelson/machinery';
import type { batch } from '@keelson/schema';
import { validateCounts } from '../apps/workload-validation.js';
import { hasCondition } from './job-status-text.js';

type Job = batch.v1.Job;
type JobStatus = batch.v1.JobStatus;

const at = path('status');
const conditionsPath = at.child('conditions');

/** Conditions that a job must have first, to have these. */
const preconditions = [
  ['Complete', 'SuccessCriteriaMet'],
  ['Failed', 'FailureTarget'],
] as const;

/** Conditions that exclude each other, with the words of the message. */
const exclusive = [
  ['Complete', 'Failed', 'cannot set Complete=True and Failed=true conditions'],
  ['Complete', 'FailureTarget', 'cannot set Complete=True and FailureTarget=true conditions'],
  ['Failed', 'SuccessCriteriaMet', 'cannot set Failed=True and SuccessCriteriaMet=true conditions'],
  ['FailureTarget', 'SuccessCriteriaMet', 'cannot set FailureTarget=True and SuccessCriteriaMet=true conditions'],
] as const;

function refusedCondition(detail: string): FieldError {
  return invalidField(conditionsPath, omittedValue, detail);
}

/** What a status says newly must make sense; what it said before is not judged again. */
function validateConditions(status: JobStatus, old: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  const adds = (type: string) => hasCondition(status, type) && !hasCondition(old, type);
  for (const [type, first] of preconditions) {
    if (adds(type) && !hasCondition(status, first)) {
      errors.push(refusedCondition(`cannot set ${type}=True condition without the ${first}=true condition`));
    }
  }
  for (const [one, other, detail] of exclusive) {
    if ((adds(one) || adds(other)) && hasCondition(status, one) && hasCondition(status, other)) errors.push(refusedCondition(detail));
  }
  for (const type of ['Failed', 'Complete', 'FailureTarget', 'SuccessCriteriaMet']) {
    if (hasCondition(old, type) && !hasCondition(status, type))
      errors.push(refusedCondition(`cannot disable the terminal ${type}=True condition`));
  }
  return errors;
}

function validateTimes({ spec, status }: Job, old: JobStatus): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.suspend !== true && old.startTime !== undefined) {
    if (status.startTime === undefined) errors.push(required(at.child('startTime'), 'startTime cannot be removed for unsuspended job'));
    else if (status.startTime !== old.startTime) {
      errors.push(required(at.child('startTime'), 'startTime cannot be modified for unsuspended job'));
    }
  }
  if (hasCondition(old, 'Complete'))
    errors.push(...validateImmutable(status.completionTime ?? null, old.completionTime ?? null, at.child('completionTime')));
  return errors;
}

function validateCounters(status: JobStatus, old: JobStatus): FieldError[] {
  return (['failed', 'succeeded'] as const)
    .filter((counter) => (status[counter] ?? 0) < (old[counter] ?? 0))
    .map((counter) => invalidField(at.child(counter), status[counter] ?? 0, `cannot decrease the ${counter} counter`));
}

export function validateJobStatus(job: Job, old: Job): FieldError[] {
  return [
    ...validateCounts(job.status, at, ['active', 'succeeded', 'failed', 'ready', 'terminating']),
    ...validateConditions(job.status, old.status),
    ...validateTimes(job, old.status),
    ...validateCounters(job.status, old.status),
  ];
}
