import { type FieldError, invalidField, notSupported, path, required } from '@keelson/machinery';
import type { batch } from '@keelson/schema';
import { validateCounts } from '../apps/workload-validation.js';
import { validateEnumerated } from '../validation/enumerated.js';
import { cronScheduleProblem } from './cron-schedule.js';
import { validateJobSpec } from './job-spec-validation.js';
import { timeZoneProblems } from './time-zone.js';

type CronJob = batch.v1.CronJob;
type CronJobSpec = batch.v1.CronJobSpec;
type JobTemplate = batch.v1.JobTemplateSpec;

const at = path('spec');

/** Jobs are named after their cron job and the minute, which takes up to 11 characters. */
const maxNameLength = 52;

/** A time zone in the schedule is left to those that had one before there was a field for it. */
function validateSchedule({ schedule, timeZone }: CronJobSpec, oldSchedule = ''): FieldError[] {
  const here = at.child('schedule');
  if (schedule === '') return [required(here)];
  const problem = cronScheduleProblem(schedule);
  const errors = problem === undefined ? [] : [invalidField(here, schedule, problem)];
  if (!schedule.includes('TZ')) return errors;
  if (!oldSchedule.includes('TZ')) {
    return [...errors, invalidField(here, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')];
  }
  if (timeZone === undefined) return errors;
  return [...errors, invalidField(here, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')];
}

function validateTimeZone({ timeZone }: CronJobSpec, oldTimeZone: string | undefined): FieldError[] {
  if (timeZone === undefined || timeZone === oldTimeZone) return [];
  return timeZoneProblems(timeZone).map((problem) => invalidField(at.child('timeZone'), timeZone, problem));
}

/** Selectors are made for each job. */
function validateJobTemplate({ spec }: JobTemplate, old: JobTemplate | undefined): FieldError[] {
  const here = at.child('jobTemplate', 'spec');
  const errors = validateJobSpec(spec, here, old?.spec);
  if (spec.selector !== undefined) errors.push(invalidField(here.child('selector'), spec.selector, '`selector` will be auto-generated'));
  if (spec.manualSelector === true) errors.push(notSupported(here.child('manualSelector'), true, ['nil', 'false']));
  return errors;
}

export function validateCronJob({ metadata, spec }: CronJob, old: CronJob | undefined): FieldError[] {
  const { name = '' } = metadata;
  const isTooLong = old === undefined && name.length > maxNameLength;
  return [
    ...validateSchedule(spec, old?.spec.schedule),
    ...validateCounts(spec, at, ['startingDeadlineSeconds']),
    ...validateTimeZone(spec, old?.spec.timeZone),
    ...validateEnumerated(spec.concurrencyPolicy, at.child('concurrencyPolicy'), ['Allow', 'Forbid', 'Replace']),
    ...validateJobTemplate(spec.jobTemplate, old?.spec.jobTemplate),
    ...validateCounts(spec, at, ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit']),
    ...(isTooLong ? [invalidField(path('metadata', 'name'), name, `must be no more than ${maxNameLength} characters`)] : []),
  ];
}
