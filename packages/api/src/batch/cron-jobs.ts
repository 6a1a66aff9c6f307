import { dns1123Label, type Json, path } from '@keelson/machinery';
import { batch, type core } from '@keelson/schema';
import {
  age,
  col,
  type DeleteContext,
  defineResource,
  integer,
  nameColumn,
  type PropagationPolicy,
  since,
  status,
  wide,
} from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { gatedInPodSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { allWarnings, ofGeneration } from '../pod/template-warnings.js';
import { flagText } from '../printing/flag-text.js';
import { selectorText } from '../printing/selector-text.js';
import { podNameWarnings } from '../validation/pod-name-warnings.js';
import { validateCronJob } from './cron-jobs-validation.js';
import { defaultFailurePolicy } from './job-defaults.js';
import { jobSpecWarnings } from './job-spec-warnings.js';

type CronJob = batch.v1.CronJob;

/** Jobs get their own defaults when they are made: the template keeps what its author wrote, but for the pods. */
function defaults({ spec }: CronJob): void {
  spec.concurrencyPolicy ||= 'Allow';
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  defaultFailurePolicy(spec.jobTemplate.spec);
  defaultPodTemplate(spec.jobTemplate.spec.template);
}

/** Deleting a cron job orphaned its jobs before batch/v1. */
function defaultPropagation({ apiVersion }: DeleteContext): PropagationPolicy {
  return apiVersion === 'batch/v1' ? 'Background' : 'Orphan';
}

/** Those that still have a time zone in their schedule. */
function zoneWarnings({ spec }: CronJob, old: CronJob | undefined): string[] {
  if (old === undefined || !spec.schedule.includes('TZ')) return [];
  return [
    'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, ' +
      'see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
  ];
}

export const cronJobs = defineResource<CronJob>(batch.v1.CronJob, {
  names: { plural: 'cronjobs', short: ['cj'], categories: ['all'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'cronjobs' },
  versions: [
    removedVersion(batch.v1beta1.CronJob, { deprecated: '1.21', removed: '1.25', use: batch.v1.CronJob }),
    removedVersion(
      batch.v2alpha1.CronJob,
      { deprecated: '1.8', removed: '1.21', use: batch.v1.CronJob },
      // It prints times that are not set, also in templates, which v1 does not.
      { toHub: (cronJob) => batch.v1.CronJob.codec.fromJson(cronJob as unknown as Json) },
    ),
  ],
  defaultPropagation,
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  subresources: { status: status({ metadataChecks: { changes: 0 } }) },
  defaults,
  gatedFields: within<CronJob, core.v1.PodSpec>(({ spec }) => spec.jobTemplate.spec.template.spec, gatedInPodSpec),
  validate: validateCronJob,
  warnings: allWarnings(
    podNameWarnings(dns1123Label),
    ofGeneration<CronJob>(({ spec }) => jobSpecWarnings(spec.jobTemplate.spec, path('spec', 'jobTemplate', 'spec'))),
    zoneWarnings,
  ),
  columns: [
    nameColumn(),
    col('Schedule', ({ spec }) => spec.schedule),
    col('Timezone', ({ spec }) => spec.timeZone ?? '<none>'),
    col('Suspend', ({ spec }) => flagText(spec.suspend), { type: 'boolean' }),
    integer('Active', ({ status }) => status.active?.length ?? 0),
    col('Last Schedule', ({ status }) => (status.lastScheduleTime ? since(status.lastScheduleTime) : '<none>')),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.jobTemplate.spec.template.spec)),
    wide('Images', ({ spec }) => containerImages(spec.jobTemplate.spec.template.spec)),
    wide('Selector', ({ spec }) => selectorText(spec.jobTemplate.spec.selector)),
  ],
});
