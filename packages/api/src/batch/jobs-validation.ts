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
import { matcherOf, validateTemplateLabels } from '../apps/workload-validation.js';
import { generatedLabels } from './job-selector.js';
import { validateJobSpec } from './job-spec-validation.js';

type Job = batch.v1.Job;
type JobSpec = batch.v1.JobSpec;

const at = path('spec');

function validateSelector({ selector }: JobSpec): FieldError[] {
  return selector === undefined ? [required(at.child('selector'))] : validateObjectSelector(selector, at.child('selector'));
}

/** Pods keep the labels that the server gives them, and the selector finds pods that have no others. */
function validateGenerated(job: Job, old: Job | undefined): FieldError[] {
  const { manualSelector, selector, template } = job.spec;
  if (manualSelector === true || selector === undefined) return [];
  const oldLabels = old?.spec.template.metadata.labels ?? {};
  // Jobs of releases that did not know the prefix may go without it.
  const prefixed =
    old === undefined || Object.keys(generatedLabels(job)).every((label) => !label.includes('/') || Object.hasOwn(oldLabels, label));
  const expected = Object.entries(generatedLabels(job)).filter(([label]) => prefixed || !label.includes('/'));
  const errors = expected.flatMap(([label, value]) => validateLabel(template.metadata.labels, label, value));
  if (matcherOf(selector)?.(Object.fromEntries(expected)) ?? true) return errors;
  return [...errors, invalidField(at.child('selector'), selector, '`selector` not auto-generated')];
}

function validateLabel(labels: Readonly<Record<string, string>> = {}, label: string, value: string): FieldError[] {
  const here = at.child('template', 'metadata', 'labels').key(label);
  if (!Object.hasOwn(labels, label)) return [required(here, `must be '${value}'`)];
  return labels[label] === value ? [] : [invalidField(here, labels, `must be '${value}'`)];
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
  if (spec.completionMode !== 'Indexed') return validateImmutable(completions ?? null, old.completions ?? null, here);
  // That an indexed job has none is reported where its mode is looked at.
  if (completions === undefined || completions === spec.parallelism) return [];
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

function validateKept(value: object | undefined, old: object | undefined, field: keyof typeof policies): FieldError[] {
  if (semanticallyEqual(value, old)) return [];
  return [invalidField(at.child(field), value === undefined ? null : internalForm(policies[field], value), 'field is immutable')];
}

const policies = { podFailurePolicy: 'batch.v1.PodFailurePolicy', successPolicy: 'batch.v1.SuccessPolicy' } as const;

function validateUpdate(job: Job, old: Job): FieldError[] {
  const keep = (field: 'selector' | 'completionMode' | 'backoffLimitPerIndex' | 'managedBy') =>
    validateImmutable(job.spec[field] ?? null, old.spec[field] ?? null, at.child(field));
  return [
    ...validateCompletions(job.spec, old.spec),
    ...keep('selector'),
    ...validateTemplate(job, old),
    ...keep('completionMode'),
    ...validateKept(job.spec.podFailurePolicy, old.spec.podFailurePolicy, 'podFailurePolicy'),
    ...keep('backoffLimitPerIndex'),
    ...keep('managedBy'),
    ...validateKept(job.spec.successPolicy, old.spec.successPolicy, 'successPolicy'),
  ];
}

function validateSpec({ spec }: Job, old: Job | undefined): FieldError[] {
  return [...validateJobSpec(spec, at, old?.spec), ...validateSelector(spec), ...validateTemplateLabels(spec.selector, spec.template)];
}

export function validateJob(job: Job, old: Job | undefined): FieldError[] {
  const spec = validateSpec(job, old);
  return [
    ...validateGenerated(job, old),
    ...spec,
    ...validatePodNames(job),
    // What is changed is looked at twice, and clients are told every finding twice.
    ...(old === undefined ? [] : [...spec, ...validateUpdate(job, old)]),
  ];
}
