import { type FieldError, forbiddenField, invalidField, path, semanticallyEqual, validateNonNegative } from '@keelson/machinery';
import { autoscaling, extensions } from '@keelson/schema';
import { age, col, defineResource, nameColumn, status, type WriteContext } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { gatedInAutoscalers } from '../features/gated-fields.js';
import { defaultBehavior } from './behavior-defaults.js';
import { validateBehavior } from './behavior-validation.js';
import { firstAutoscaler } from './extensions-conversion.js';
import { metricsText } from './metrics-text.js';
import { validateMetrics } from './metrics-validation.js';
import { validateReference, validateScaleTarget } from './reference-validation.js';
import { autoscalerFromV2, autoscalerToV2 } from './v1-conversion.js';
import { beta1Autoscaler } from './v2beta1-conversion.js';
import { beta2Autoscaler } from './v2beta2-conversion.js';

type HorizontalPodAutoscaler = autoscaling.v2.HorizontalPodAutoscaler;

const defaultCpuUtilization = 80;
const at = path('spec');

function defaults({ spec }: HorizontalPodAutoscaler): void {
  spec.minReplicas ??= 1;
  if (!spec.metrics || spec.metrics.length === 0) {
    const target = { type: 'Utilization', averageUtilization: defaultCpuUtilization };
    spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  if (spec.behavior) defaultBehavior(spec.behavior);
}

function validateBounds({ minReplicas, maxReplicas }: HorizontalPodAutoscaler['spec'], least: number): FieldError[] {
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < least) {
    errors.push(invalidField(at.child('minReplicas'), minReplicas, `must be greater than or equal to ${least}`));
  }
  if (maxReplicas < 1) errors.push(invalidField(at.child('maxReplicas'), maxReplicas, 'must be greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalidField(at.child('maxReplicas'), maxReplicas, 'must be greater than or equal to `minReplicas`'));
  }
  return errors;
}

/** What nothing is left of is told by no metric of its own when to come back (KEP-2021). */
function validateWake({ minReplicas, metrics = [] }: HorizontalPodAutoscaler['spec']): FieldError[] {
  if (minReplicas !== 0 || metrics.some(({ type }) => type === 'Object' || type === 'External')) return [];
  return [forbiddenField(at.child('metrics'), 'must specify at least one Object or External metric to support scaling to zero replicas')];
}

function validate(
  { spec }: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler | undefined,
  { features }: Pick<WriteContext, 'features'>,
): FieldError[] {
  // References that older releases let pass may stay.
  const sameTarget = old !== undefined && semanticallyEqual(spec.scaleTargetRef, old.spec.scaleTargetRef);
  const validateTarget = sameTarget ? validateReference : validateScaleTarget;
  return [
    ...validateBounds(spec, features.get('HPAScaleToZero') || old?.spec.minReplicas === 0 ? 0 : 1),
    ...validateTarget(spec.scaleTargetRef, at.child('scaleTargetRef')),
    ...validateMetrics(spec.metrics, at.child('metrics')),
    ...validateWake(spec),
    ...(spec.behavior ? validateBehavior(spec.behavior, at.child('behavior')) : []),
  ];
}

function validateStatus({ status }: HorizontalPodAutoscaler): FieldError[] {
  const here = path('status');
  return [
    ...validateNonNegative(status.currentReplicas ?? 0, here.child('currentReplicas')),
    ...validateNonNegative(status.desiredReplicas, here.child('desiredReplicas')),
  ];
}

export const horizontalPodAutoscalers = defineResource<HorizontalPodAutoscaler>(autoscaling.v2.HorizontalPodAutoscaler, {
  names: { plural: 'horizontalpodautoscalers', short: ['hpa'], categories: ['all'] },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'horizontalpodautoscalers' },
  versions: [
    {
      kind: autoscaling.v1.HorizontalPodAutoscaler,
      toHub: autoscalerToV2,
      fromHub: autoscalerFromV2,
    },
    removedVersion(
      autoscaling.v2beta2.HorizontalPodAutoscaler,
      { deprecated: '1.23', removed: '1.26', use: autoscaling.v2.HorizontalPodAutoscaler },
      beta2Autoscaler,
    ),
    removedVersion(
      autoscaling.v2beta1.HorizontalPodAutoscaler,
      { deprecated: '1.22', removed: '1.25', use: autoscaling.v2.HorizontalPodAutoscaler },
      beta1Autoscaler,
    ),
    removedVersion(
      extensions.v1beta1.HorizontalPodAutoscaler,
      { deprecated: '1.2', removed: '1.6', use: autoscaling.v1.HorizontalPodAutoscaler },
      firstAutoscaler,
    ),
  ],
  resetFields: ['status'],
  subresources: { status: status<HorizontalPodAutoscaler>({ validate: validateStatus }) },
  defaults,
  gatedFields: gatedInAutoscalers,
  validate,
  columns: [
    nameColumn(),
    col('Reference', ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`),
    col('Targets', ({ spec, status }) => metricsText(spec.metrics, status.currentMetrics)),
    col('MinPods', ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas))),
    col('MaxPods', ({ spec }) => spec.maxReplicas),
    col('Replicas', ({ status }) => status.currentReplicas ?? 0),
    age(),
  ],
});
