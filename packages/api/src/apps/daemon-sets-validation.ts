import { type FieldError, invalidField, notSupported, path, required } from '@keelson/machinery';
import type { apps } from '@keelson/schema';
import type { WriteContext } from '@keelson/server';
import { numberOf, validateAtMostAll, validateIntOrPercent } from '../validation/int-or-percent.js';
import {
  validateCollisionCount,
  validateCounts,
  validateFixedSelector,
  validateTemplateLabels,
  validateWorkloadSelector,
  validateWorkloadTemplate,
} from './workload-validation.js';

type DaemonSet = apps.v1.DaemonSet;

const at = path('spec');

function validateRollingUpdate({ maxUnavailable = 0, maxSurge = 0 }: apps.v1.RollingUpdateDaemonSet): FieldError[] {
  const here = at.child('updateStrategy', 'rollingUpdate');
  const unavailablePath = here.child('maxUnavailable');
  const surgePath = here.child('maxSurge');
  const errors = [
    ...validateIntOrPercent(maxUnavailable, unavailablePath),
    ...validateIntOrPercent(maxSurge, surgePath),
    ...validateAtMostAll(maxUnavailable, unavailablePath),
    ...validateAtMostAll(maxSurge, surgePath),
  ];
  const [unavailable, surge] = [numberOf(maxUnavailable), numberOf(maxSurge)];
  if (unavailable !== 0 && surge !== 0) errors.push(invalidField(surgePath, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (unavailable === 0 && surge === 0) errors.push(required(unavailablePath, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

/** Messages show the strategy by the names that its fields have inside Kubernetes. */
function shownStrategy(type = '', rollingUpdate?: apps.v1.RollingUpdateDaemonSet): object {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  return { Type: type, RollingUpdate: rollingUpdate === undefined ? null : { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } };
}

function validateUpdateStrategy({ type, rollingUpdate }: apps.v1.DaemonSetUpdateStrategy): FieldError[] {
  const here = at.child('updateStrategy');
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') return [notSupported(here, shownStrategy(type, rollingUpdate), ['RollingUpdate', 'OnDelete'])];
  return rollingUpdate === undefined ? [required(here.child('rollingUpdate'))] : validateRollingUpdate(rollingUpdate);
}

export function validateDaemonSet({ spec }: DaemonSet, old: DaemonSet | undefined, { apiVersion }: WriteContext): FieldError[] {
  return [
    // Of an absent selector nothing is said but that it does not match.
    ...(spec.selector ? validateWorkloadSelector(spec.selector, 'daemonset') : []),
    ...validateTemplateLabels(spec.selector, spec.template),
    ...validateWorkloadTemplate(spec.template, 'DaemonSet', old?.spec.template),
    ...validateCounts(spec, at, ['minReadySeconds', 'revisionHistoryLimit']),
    ...validateUpdateStrategy(spec.updateStrategy),
    ...(apiVersion === 'extensions/v1beta1' ? [] : validateFixedSelector(spec, old?.spec)),
  ];
}

export function validateDaemonSetStatus({ status }: DaemonSet, old: DaemonSet): FieldError[] {
  return [
    ...validateCounts(status, path('status'), [
      'currentNumberScheduled',
      'numberMisscheduled',
      'desiredNumberScheduled',
      'numberReady',
      'observedGeneration',
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
      'collisionCount',
    ]),
    ...validateCollisionCount(status, old.status),
  ];
}
