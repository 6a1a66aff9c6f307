import {
  dns1123Label,
  type FieldError,
  invalidField,
  path,
  required,
  semanticallyEqual,
  validateImmutable,
  validateObjectSelector,
} from '@keelson/machinery';
import { type batch, internalForm } from '@keelson/schema';
import { validateTemplateLabels } from '../apps/workload-validation.js';
import { repeatedOnUpdate } from '../validation/repeat-on-update.js';
import { generatedLabels, generatedSelector } from './job-selector.js';
import { validateJobSpec } from './job-spec-validation.js';

type Job = batch.v1.Job;
type JobSpec = batch.v1.JobSpec;

const at = path('spec');

/** Fields that keep their first value. */
const immutable = ['selector', 'completionMode', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const;

function validateSelector({ selector }: JobSpec): FieldError[] {
  return selector === undefined ? [required(at.child('selector'))] : validateObjectSelector(selector, at.child('selector'));
}

/** A selector that the server makes may not be changed by the author's labels. */
function validateGenerated(job: Job): FieldError[] {
  if (job.spec.manualSelector === true) return [];
  const { selector, template } = job.spec;
  const labels = template.metadata.labels ?? {};
  const errors = Object.entries(generatedLabels(job))
    .filter(([label, value]) => labels[label] !== value)
    .map(([label, value]) => invalidField(at.child('template', 'metadata', 'labels'), labels, `must be '${value}' for label '${label}'`));
  if (!semanticallyEqual(selector, generatedSelector(job))) {
    errors.push(invalidField(at.child('selector'), selector ?? null, '`selector` not auto-generated'));
  }
  return errors;
}

/** The pods of an indexed job are named after it: the longest of these names must be a label. */
function validatePodNames({ metadata, spec }: Job): FieldError[] {
  if (spec.completionMode !== 'Indexed' || !spec.completions) return [];
  const name = `${metadata.name ?? ''}-${spec.completions - 1}`;
  if (dns1123Label(name).length === 0) return [];
  return [invalidField(path('metadata', 'name'), metadata.name ?? '', `will not able to create pod with invalid DNS label: ${name}`)];
}

function validateCompletions(spec: JobSpec, old: JobSpec): FieldError[] {
  const here = at.child('completions');
  const { completions } = spec;
  if (completions === old.completions) return [];
  if (spec.completionMode !== 'Indexed' || completions === undefined)
    return validateImmutable(completions ?? null, old.completions ?? null, here);
  if (completions === spec.parallelism) return [];
  return [invalidField(here, completions, 'can only be modified in tandem with spec.parallelism')];
}

/** The template with what may change while a suspended job has not started taken from `old`. */
function withoutSchedulingDirectives({ metadata, spec }: JobSpec['template'], old: JobSpec['template']): JobSpec['template'] {
  const { nodeSelector: _selector, tolerations: _tolerations, schedulingGates: _gates, affinity, ...fixed } = spec;
  const { nodeAffinity: _node, ...otherAffinity } = affinity ?? {};
  const { nodeAffinity: _oldNode, ...oldAffinity } = old.spec.affinity ?? {};
  const sameAffinity = semanticallyEqual(otherAffinity, oldAffinity);
  return {
    metadata: { ...metadata, annotations: {}, labels: {} },
    spec: { ...fixed, ...(sameAffinity ? {} : { affinity: otherAffinity }) },
  };
}

function validateTemplate(job: Job, old: Job): FieldError[] {
  const here = at.child('template');
  const [template, before] = [job.spec.template, old.spec.template];
  const adjustable = old.spec.suspend === true && old.status.startTime === undefined;
  const fixed = (of: JobSpec['template']) => (adjustable ? withoutSchedulingDirectives(of, before) : of);
  if (semanticallyEqual(fixed(template), fixed(before))) return [];
  return [invalidField(here, internalForm('core.v1.PodTemplateSpec', template), 'field is immutable')];
}

function validateFailurePolicyUpdate({ podFailurePolicy }: JobSpec, old: JobSpec): FieldError[] {
  if (semanticallyEqual(podFailurePolicy, old.podFailurePolicy)) return [];
  const shown = podFailurePolicy === undefined ? null : internalForm('batch.v1.PodFailurePolicy', podFailurePolicy);
  return [invalidField(at.child('podFailurePolicy'), shown, 'field is immutable')];
}

function validateUpdate(job: Job, old: Job): FieldError[] {
  return [
    ...validateCompletions(job.spec, old.spec),
    ...immutable.flatMap((field) => validateImmutable(job.spec[field] ?? null, old.spec[field] ?? null, at.child(field))),
    ...validateFailurePolicyUpdate(job.spec, old.spec),
    ...validateTemplate(job, old),
  ];
}

export function validateJob(job: Job, old: Job | undefined): FieldError[] {
  const { spec } = job;
  return [
    ...(old === undefined ? [...validateGenerated(job), ...validatePodNames(job)] : []),
    ...repeatedOnUpdate(
      [...validateJobSpec(spec, at), ...validateSelector(spec), ...validateTemplateLabels(spec.selector, spec.template)],
      old,
    ),
    ...(old === undefined ? [] : validateUpdate(job, old)),
  ];
}
