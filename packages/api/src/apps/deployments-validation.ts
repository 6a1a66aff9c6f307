import { type FieldError, forbiddenField, invalidField, notSupported, path, required, validateNonNegative } from '@keelson/machinery';
import type { apps } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { numberOf, validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.js';
import { rollbackRevision } from './rollback-annotation.js';
import {
  validateCollisionCount,
  validateCounts,
  validateFixedSelector,
  validateReplicaCounts,
  validateSelectedTemplate,
  validateWorkloadSelector,
} from './workload-validation.js';

type Deployment = apps.v1.Deployment;

const at = path('spec');

function validateRollingUpdate({ maxUnavailable = 0, maxSurge = 0 }: apps.v1.RollingUpdateDeployment): FieldError[] {
  const here = at.child('strategy', 'rollingUpdate');
  const unavailablePath = here.child('maxUnavailable');
  const errors = [...validateIntOrPercent(maxUnavailable, unavailablePath), ...validateIntOrPercent(maxSurge, here.child('maxSurge'))];
  if (numberOf(maxUnavailable) === 0 && numberOf(maxSurge) === 0) {
    errors.push(invalidField(unavailablePath, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  return [...errors, ...validateAtMostAll(maxUnavailable, unavailablePath)];
}

/** Messages show the strategy by the names that its fields have inside Kubernetes. */
function shownStrategy(type = '', rollingUpdate?: apps.v1.RollingUpdateDeployment): object {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  return { Type: type, RollingUpdate: rollingUpdate === undefined ? null : { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } };
}

function validateStrategy({ type, rollingUpdate }: apps.v1.DeploymentStrategy): FieldError[] {
  const here = at.child('strategy');
  if (type === 'RollingUpdate') {
    if (rollingUpdate !== undefined) return validateRollingUpdate(rollingUpdate);
    return [required(here.child('rollingUpdate'), 'this should be defaulted and never be nil')];
  }
  if (type === 'Recreate' && rollingUpdate !== undefined) {
    return [forbiddenField(here.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'")];
  }
  return type === 'Recreate' ? [] : [notSupported(here, shownStrategy(type, rollingUpdate), ['Recreate', 'RollingUpdate'])];
}

function validateProgressDeadline({ progressDeadlineSeconds, minReadySeconds = 0 }: apps.v1.DeploymentSpec): FieldError[] {
  if (progressDeadlineSeconds === undefined) return [];
  const errors = validateCounts({ progressDeadlineSeconds }, at, ['progressDeadlineSeconds']);
  if (progressDeadlineSeconds <= minReadySeconds) {
    errors.push(invalidField(at.child('progressDeadlineSeconds'), progressDeadlineSeconds, 'must be greater than minReadySeconds'));
  }
  return errors;
}

export function validateDeployment(
  { metadata, spec }: Deployment,
  old: Deployment | undefined,
  { apiVersion }: WriteContext,
): FieldError[] {
  const selectorMayChange = apiVersion === 'extensions/v1beta1' || apiVersion === 'apps/v1beta1';
  return [
    ...validateCounts(spec, at, ['replicas']),
    ...validateWorkloadSelector(spec.selector, 'deployment'),
    ...validateSelectedTemplate(spec, old?.spec),
    ...validateStrategy(spec.strategy),
    ...validateCounts(spec, at, ['minReadySeconds', 'revisionHistoryLimit']),
    ...validateNonNegative(rollbackRevision(metadata) ?? 0, at.child('rollback', 'version')),
    ...validateProgressDeadline(spec),
    ...(selectorMayChange ? [] : validateFixedSelector(spec, old?.spec)),
  ];
}

export function validateDeploymentStatus({ status }: Deployment, old: Deployment): FieldError[] {
  return [
    ...validateCounts(status, path('status'), [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'terminatingReplicas',
      'collisionCount',
    ]),
    ...validateReplicaCounts(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...validateCollisionCount(status, old.status),
  ];
}
