import {
  type FieldError,
  type IntOrString,
  invalidField,
  path,
  pathSegmentName,
  validateConditions,
  validateObjectSelector,
} from '@keelson/machinery';
import { internalForm, policy } from '@keelson/schema';
import { age, col, defineResource, integer, nameColumn, status, type WriteContext } from '@keelson/server';
import { validateCounts } from '../apps/workload-validation.js';
import { removedVersion } from '../conversion/removed-version.js';
import { validateOptionalEnumerated } from '../validation/enumerated.js';
import { validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.js';
import { betaSelector } from './beta-selector.js';

type PodDisruptionBudget = policy.v1.PodDisruptionBudget;

const at = path('spec');

function validateBound(value: IntOrString | undefined, field: string): FieldError[] {
  if (value === undefined) return [];
  return [...validateIntOrPercent(value, at.child(field)), ...validateAtMostAll(value, at.child(field))];
}

function validate({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable } = spec;
  const both = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(both
      ? [invalidField(at, internalForm('policy.v1.PodDisruptionBudgetSpec', spec), 'minAvailable and maxUnavailable cannot be both set')]
      : []),
    ...validateBound(minAvailable, 'minAvailable'),
    ...validateBound(maxUnavailable, 'maxUnavailable'),
    ...validateObjectSelector(spec.selector, at.child('selector')),
    ...validateOptionalEnumerated(spec.unhealthyPodEvictionPolicy, at.child('unhealthyPodEvictionPolicy'), [
      'AlwaysAllow',
      'IfHealthyBudget',
    ]),
  ];
}

function validateStatus({ status }: PodDisruptionBudget, _old: PodDisruptionBudget, { apiVersion }: WriteContext): FieldError[] {
  const here = path('status');
  const conditions = validateConditions(status.conditions, here.child('conditions'));
  // v1beta1 never asked for more, and goes on so.
  if (apiVersion === 'policy/v1beta1') return conditions;
  return [...conditions, ...validateCounts(status, here, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'])];
}

export const podDisruptionBudgets = defineResource<PodDisruptionBudget>(policy.v1.PodDisruptionBudget, {
  names: { plural: 'poddisruptionbudgets', short: ['pdb'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0, changes: 0 },
  storage: { key: 'poddisruptionbudgets' },
  versions: [
    removedVersion(
      policy.v1beta1.PodDisruptionBudget,
      { deprecated: '1.21', removed: '1.25', use: policy.v1.PodDisruptionBudget },
      betaSelector,
    ),
  ],
  unconditionalUpdate: false,
  resetFields: ['status'],
  generationOf: ({ spec }) => spec,
  subresources: { status: status<PodDisruptionBudget>({ metadataChecks: { changes: 0 }, validate: validateStatus }) },
  // Nothing is named after a budget.
  nameForm: pathSegmentName,
  anyFinalizer: true,
  validate,
  columns: [
    nameColumn(),
    col('Min Available', ({ spec }) => String(spec.minAvailable ?? 'N/A')),
    col('Max Unavailable', ({ spec }) => String(spec.maxUnavailable ?? 'N/A')),
    integer('Allowed Disruptions', ({ status }) => status.disruptionsAllowed),
    age(),
  ],
});
