import { type FieldError, type FieldPath, invalidField, notSupported, Quantity, required } from '@keelson/machinery';
import type { autoscaling } from '@keelson/schema';
import { validateOptionalEnumerated } from '../validation/enumerated.js';

type ScalingRules = autoscaling.v2.HPAScalingRules;

const maxStabilizationSeconds = 3600;
const maxPeriodSeconds = 1800;

function validateWindow(seconds: number, at: FieldPath): FieldError[] {
  if (seconds < 0) return [invalidField(at, seconds, 'must be greater than or equal to zero')];
  if (seconds > maxStabilizationSeconds) return [invalidField(at, seconds, `must be less than or equal to ${maxStabilizationSeconds}`)];
  return [];
}

function validatePolicy({ type, value, periodSeconds }: autoscaling.v2.HPAScalingPolicy, at: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(at.child('type'), type, ['Percent', 'Pods']));
  if (value <= 0) errors.push(invalidField(at.child('value'), value, 'must be greater than zero'));
  if (periodSeconds <= 0) errors.push(invalidField(at.child('periodSeconds'), periodSeconds, 'must be greater than zero'));
  if (periodSeconds > maxPeriodSeconds) {
    errors.push(invalidField(at.child('periodSeconds'), periodSeconds, `must be less than or equal to ${maxPeriodSeconds}`));
  }
  return errors;
}

function validateRules(rules: ScalingRules, at: FieldPath): FieldError[] {
  const { stabilizationWindowSeconds, selectPolicy, policies = [], tolerance } = rules;
  const errors =
    stabilizationWindowSeconds === undefined ? [] : validateWindow(stabilizationWindowSeconds, at.child('stabilizationWindowSeconds'));
  errors.push(...validateOptionalEnumerated(selectPolicy, at.child('selectPolicy'), ['Disabled', 'Max', 'Min']));
  if (policies.length === 0) errors.push(required(at.child('policies'), 'must specify at least one Policy'));
  errors.push(...policies.flatMap((policy, i) => validatePolicy(policy, at.child('policies').index(i))));
  if (tolerance !== undefined && Quantity.parse(tolerance).sign < 0) {
    errors.push(invalidField(at.child('tolerance'), tolerance, 'must be greater than or equal to 0'));
  }
  return errors;
}

export function validateBehavior({ scaleUp, scaleDown }: autoscaling.v2.HorizontalPodAutoscalerBehavior, at: FieldPath): FieldError[] {
  return [
    ...(scaleUp ? validateRules(scaleUp, at.child('scaleUp')) : []),
    ...(scaleDown ? validateRules(scaleDown, at.child('scaleDown')) : []),
  ];
}
