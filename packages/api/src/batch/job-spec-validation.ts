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

const maxParallelismOfIndexed = 100_000;
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

function validateIndexed({ completions, parallelism = 0 }: JobSpec, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (completions === undefined) errors.push(required(at.child('completions'), 'when completion mode is Indexed'));
  if (parallelism > maxParallelismOfIndexed) {
    errors.push(
      invalidField(
        at.child('parallelism'),
        parallelism,
        `must be less than or equal to ${maxParallelismOfIndexed} when completion mode is Indexed`,
      ),
    );
  }
  return errors;
}

/** Limits per index need indexes. */
function validateIndexLimits(spec: JobSpec, at: FieldPath): FieldError[] {
  const { backoffLimitPerIndex, maxFailedIndexes, completions } = spec;
  const errors: FieldError[] = [];
  if (spec.completionMode !== 'Indexed') {
    for (const [field, value] of Object.entries({ backoffLimitPerIndex, maxFailedIndexes })) {
      if (value !== undefined) errors.push(invalidField(at.child(field), value, 'requires indexed completion mode'));
    }
  }
  if (maxFailedIndexes === undefined) return errors;
  if (backoffLimitPerIndex === undefined) errors.push(required(at.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified'));
  if (completions !== undefined && maxFailedIndexes > completions) {
    errors.push(invalidField(at.child('maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions'));
  }
  return errors;
}

/** Who else than the job controller runs the job (KEP-4368). */
function validateManagedBy({ managedBy }: JobSpec, at: FieldPath): FieldError[] {
  if (managedBy === undefined) return [];
  const errors = validateDomainPrefixedPath(managedBy, at);
  return managedBy.length > maxManagedByLength ? [...errors, tooLong(at, maxManagedByLength)] : errors;
}

/** What jobs and the templates of cron jobs have in common. */
export function validateJobSpec(spec: JobSpec, at: FieldPath): FieldError[] {
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
    ...validateOptionalEnumerated(spec.completionMode, at.child('completionMode'), ['NonIndexed', 'Indexed']),
    ...(spec.completionMode === 'Indexed' ? validateIndexed(spec, at) : []),
    ...validateIndexLimits(spec, at),
    ...validateOptionalEnumerated(spec.podReplacementPolicy, at.child('podReplacementPolicy'), ['Failed', 'TerminatingOrFailed']),
    ...validateFailurePolicy(spec, at.child('podFailurePolicy')),
    ...validateSuccessPolicy(spec, at.child('successPolicy')),
    ...validateManagedBy(spec, at.child('managedBy')),
    ...validatePodTemplate(spec.template, at.child('template')),
    ...validateRestartPolicy(spec, at),
  ];
}
