import {
  type FieldError,
  type FieldPath,
  invalidField,
  notSupported,
  required,
  tooLong,
  validateDomainPrefixedPath,
} from '@keelson/machinery';
import type { batch } from '@keelson/schema';
import { validateCounts } from '../apps/workload-validation.js';
import { validatePodTemplate } from '../pod/validation/pod-template.js';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateFailurePolicy } from './failure-policy-validation.js';
import { validateSuccessPolicy } from './success-policy-validation.js';

type JobSpec = batch.v1.JobSpec;

const maxParallelism = 100_000;
const maxFailures = 100_000;
/** With more completions than these, less may fail or run at once. */
const manyCompletions = 100_000;
const maxOfMany = 10_000;
const maxManagedByLength = 63;
const restartPolicies = ['OnFailure', 'Never'];

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, at: FieldPath): FieldError[] {
  const here = at.child('template', 'spec', 'restartPolicy');
  const { restartPolicy = '' } = template.spec;
  // An author who says nothing gets the default Always, which jobs cannot have: it counts as missing.
  if (restartPolicy === '' || restartPolicy === 'Always') {
    return [required(here, `valid values: ${restartPolicies.map((policy) => `"${policy}"`).join(', ')}`)];
  }
  if (!restartPolicies.includes(restartPolicy)) return [notSupported(here, restartPolicy, restartPolicies)];
  if (podFailurePolicy === undefined || restartPolicy === 'Never') return [];
  return [invalidField(here, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified')];
}

/** Indexes are kept track of one by one, which limits how many of them there can be. */
function validateIndexed(spec: JobSpec, at: FieldPath): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes } = spec;
  const errors: FieldError[] = [];
  if (completions === undefined) errors.push(required(at.child('completions'), 'when completion mode is Indexed'));
  const limit = (field: 'parallelism' | 'maxFailedIndexes', value: number, max: number, suffix = '') => {
    if (value > max) errors.push(invalidField(at.child(field), value, `must be less than or equal to ${max}${suffix}`));
  };
  limit('parallelism', parallelism, maxParallelism, ' when completion mode is Indexed');
  if (maxFailedIndexes !== undefined && completions !== undefined && maxFailedIndexes > completions) {
    errors.push(invalidField(at.child('maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions'));
  }
  limit('maxFailedIndexes', maxFailedIndexes ?? 0, maxFailures);
  if (completions === undefined || completions <= manyCompletions || spec.backoffLimitPerIndex === undefined) return errors;
  if (maxFailedIndexes === undefined) {
    errors.push(required(at.child('maxFailedIndexes'), `must be specified when completions is above ${manyCompletions}`));
  }
  const many = ` when completions are above ${manyCompletions} and used with backoff limit per index`;
  limit('parallelism', parallelism, maxOfMany, many);
  limit('maxFailedIndexes', maxFailedIndexes ?? 0, maxOfMany, many);
  return errors;
}

/** Limits per index need indexes. */
function validateNotIndexed({ backoffLimitPerIndex, maxFailedIndexes }: JobSpec, at: FieldPath): FieldError[] {
  return Object.entries({ backoffLimitPerIndex, maxFailedIndexes })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => invalidField(at.child(field), value, 'requires indexed completion mode'));
}

function validateCompletionMode(spec: JobSpec, at: FieldPath): FieldError[] {
  const { completionMode = 'NonIndexed' } = spec;
  const errors = validateOptionalEnumerated(completionMode, at.child('completionMode'), ['NonIndexed', 'Indexed']);
  if (completionMode === 'Indexed') errors.push(...validateIndexed(spec, at));
  if (completionMode === 'NonIndexed') errors.push(...validateNotIndexed(spec, at));
  return errors;
}

/** Failed pods are told from those that only end when failures are judged: their replacements wait for them. */
function validateReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec, at: FieldPath): FieldError[] {
  const supported = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  return validateOptionalEnumerated(podReplacementPolicy, at, supported);
}

/** Who else than the job controller runs the job (KEP-4368). */
function validateManagedBy({ managedBy }: JobSpec, at: FieldPath): FieldError[] {
  if (managedBy === undefined) return [];
  const errors = validateDomainPrefixedPath(managedBy, at);
  return managedBy.length > maxManagedByLength ? [...errors, tooLong(at, maxManagedByLength)] : errors;
}

/** What jobs and the templates of cron jobs have in common. */
export function validateJobSpec(spec: JobSpec, at: FieldPath, old: JobSpec | undefined): FieldError[] {
  return [
    ...validateCounts(spec, at, [
      'parallelism',
      'completions',
      'activeDeadlineSeconds',
      'backoffLimit',
      'ttlSecondsAfterFinished',
      'backoffLimitPerIndex',
      'maxFailedIndexes',
    ]),
    ...(spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined
      ? [required(at.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified')]
      : []),
    ...validateManagedBy(spec, at.child('managedBy')),
    ...validateCompletionMode(spec, at),
    ...validateFailurePolicy(spec, at.child('podFailurePolicy')),
    ...validateSuccessPolicy(spec, at.child('successPolicy')),
    ...validateReplacement(spec, at.child('podReplacementPolicy')),
    ...validatePodTemplate(spec.template, at.child('template'), old?.template),
    ...validateRestartPolicy(spec, at),
  ];
}
