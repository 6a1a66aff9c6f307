import { dns1123Label, humanDuration, path, quote } from '@keelson/machinery';
import { batch, type core } from '@keelson/schema';
import { age, type Cell, col, type DeleteContext, defineResource, nameColumn, since, status, wide } from '@keelson/server';
import { gatedInJobs, gatedInPodSpec } from '../features/gated-fields.js';
import { within } from '../features/gated-path.js';
import { defaultPodTemplate } from '../pod/defaults.js';
import { containerImages, containerNames } from '../pod/printing.js';
import { allWarnings, ofGeneration } from '../pod/template-warnings.js';
import { selectorText } from '../printing/selector-text.js';
import { podNameWarnings } from '../validation/pod-name-warnings.js';
import { defaultFailurePolicy } from './job-defaults.js';
import { generateSelector } from './job-selector.js';
import { jobSpecWarnings } from './job-spec-warnings.js';
import { jobStatusText } from './job-status-text.js';
import { validateJobStatus } from './job-status-validation.js';
import { validateJob } from './jobs-validation.js';

type Job = batch.v1.Job;
type PodSpec = core.v1.PodSpec;

function defaults(job: Job): void {
  const { spec } = job;
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  // With a limit per index there is none for the whole unless it is asked for.
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
  labelLikePods(job);
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
  spec.manualSelector ??= false;
  defaultFailurePolicy(spec);
  defaultPodTemplate(spec.template);
}

/** A job without labels shares those of its pods: what the server adds to the one is added to the other. */
function labelLikePods({ metadata, spec }: Job): void {
  const { labels } = spec.template.metadata;
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
}

function prepareForCreate(job: Job): void {
  if (job.spec.manualSelector !== true) generateSelector(job);
}

function deleteWarnings({ explicitPolicy = false }: DeleteContext): string[] {
  if (explicitPolicy) return [];
  return [
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them ' +
      'or set propagationPolicy=Orphan to suppress this warning',
  ];
}

function completionsText({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const { parallelism = 0 } = spec;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status: { startTime, completionTime } }: Job): Cell {
  if (!startTime) return '';
  return completionTime ? humanDuration(Date.parse(completionTime) - Date.parse(startTime)) : since(startTime);
}

export const jobs = defineResource<Job>(batch.v1.Job, {
  names: { plural: 'jobs', categories: ['all'] },
  scope: 'Namespaced',
  storage: { key: 'jobs', defaultedOnRead: true },
  defaultPropagation: () => 'Orphan',
  deleteWarnings,
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  selectableFields: { 'status.successful': ({ status }) => String(status.succeeded ?? 0) },
  unsupportedField: (field) => `field label ${quote(field)} not supported for Job`,
  subresources: { status: status<Job>({ validate: validateJobStatus }) },
  defaults,
  gatedFields: [...gatedInJobs, ...within<Job, PodSpec>(({ spec }) => spec.template.spec, gatedInPodSpec)],
  prepareForCreate,
  validate: validateJob,
  warnings: allWarnings(
    podNameWarnings(dns1123Label),
    ofGeneration<Job>(({ spec }) => jobSpecWarnings(spec, path('spec'))),
  ),
  columns: [
    nameColumn(),
    col('Status', jobStatusText),
    col('Completions', completionsText),
    col('Duration', durationText),
    age(),
    wide('Containers', ({ spec }) => containerNames(spec.template.spec)),
    wide('Images', ({ spec }) => containerImages(spec.template.spec)),
    wide('Selector', ({ spec }) => selectorText(spec.selector)),
  ],
});
