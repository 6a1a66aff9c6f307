import {
  duplicate,
  type FieldError,
  type FieldPath,
  hasFeature,
  invalidField,
  omittedValue,
  path,
  required,
  semanticallyEqual,
} from '@keelson/machinery';
import type { batch } from '@keelson/schema';
import { validateCounts } from '../apps/workload-validation.js';
import { stateRules } from './job-status-rules.js';
import { hasCondition } from './job-status-text.js';

type Job = batch.v1.Job;
type JobStatus = batch.v1.JobStatus;

const at = path('status');

/** Pods that have ended and are not counted yet: each is named once. */
function validateUncounted({ uncountedTerminatedPods: pods }: JobStatus): FieldError[] {
  const here = at.child('uncountedTerminatedPods');
  const seen = new Set<string>();
  const validateUid = (uid: string, place: FieldPath): FieldError[] => {
    if (uid === '') return [invalidField(place, uid, 'must not be empty')];
    if (seen.has(uid)) return [duplicate(place, uid)];
    seen.add(uid);
    return [];
  };
  return (['succeeded', 'failed'] as const).flatMap((end) =>
    (pods?.[end] ?? []).flatMap((uid, i) => validateUid(uid, here.child(end).index(i))),
  );
}

/** What a status says newly must make sense; what it said before is not judged again. The job controller needs no such rules. */
function validateState(job: Job, old: Job): FieldError[] {
  if (!hasFeature('JobManagedBy')) return [];
  return stateRules
    .filter(({ about }) => about === 'always' || about.some((part) => !semanticallyEqual(part(job.status), part(old.status))))
    .flatMap(({ problem }) => problem(job) ?? []);
}

/** An end is for good. */
function validateEnds(status: JobStatus, old: JobStatus): FieldError[] {
  return ['Failed', 'Complete', 'FailureTarget']
    .filter((type) => hasCondition(old, type) && !hasCondition(status, type))
    .map((type) => invalidField(at.child('conditions'), omittedValue, `cannot disable the terminal ${type}=True condition`));
}

/** Pods that have succeeded may be fewer in a job with an index for each pod, which can be made smaller. */
function validateCounters({ spec, status }: Job, old: JobStatus): FieldError[] {
  const mayShrink = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  return (mayShrink ? (['failed'] as const) : (['failed', 'succeeded'] as const))
    .filter((counter) => (status[counter] ?? 0) < (old[counter] ?? 0))
    .map((counter) => invalidField(at.child(counter), status[counter] ?? 0, `cannot decrease the ${counter} counter`));
}

function validateTimes({ spec, status }: Job, old: JobStatus): FieldError[] {
  const { startTime, completionTime } = status;
  const errors: FieldError[] = [];
  if (completionTime !== undefined && old.completionTime !== undefined && completionTime !== old.completionTime) {
    errors.push(invalidField(at.child('completionTime'), completionTime, 'field is immutable'));
  }
  // Who resumes a job may tell of that after the job itself is no longer suspended.
  const isResumed =
    hasCondition(old, 'Suspended') && status.conditions?.some(({ type, status }) => type === 'Suspended' && status === 'False');
  if (old.startTime !== undefined && startTime !== old.startTime && spec.suspend !== true && !isResumed) {
    errors.push(required(at.child('startTime'), 'startTime cannot be removed for unsuspended job'));
  }
  return errors;
}

function validateSuccess(status: JobStatus, old: JobStatus): FieldError[] {
  const type = 'SuccessCriteriaMet';
  const [met, wasMet] = [hasCondition(status, type), hasCondition(old, type)];
  const refuse = (detail: string) => [invalidField(at.child('conditions'), omittedValue, detail)];
  if (wasMet && !met) return refuse('cannot disable the SuccessCriteriaMet=True condition');
  if (hasCondition(old, 'Complete') && !wasMet && met) {
    return refuse('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions');
  }
  return [];
}

export function validateJobStatus(job: Job, old: Job): FieldError[] {
  return [
    ...validateCounts(job.status, at, ['active', 'succeeded', 'failed', 'ready', 'terminating']),
    ...validateUncounted(job.status),
    ...validateState(job, old),
    ...validateEnds(job.status, old.status),
    ...validateCounters(job, old.status),
    ...validateTimes(job, old.status),
    ...validateSuccess(job.status, old.status),
  ];
}
