import type { autoscaling } from '@keelson/schema';
import { withAnnotations } from '../conversion/annotations.js';
import { present } from '../conversion/present.js';
import { readAnnotated, withAnnotated, withoutAnnotated } from './round-trip-annotations.js';

type V1 = autoscaling.v1.HorizontalPodAutoscaler;
type V2 = autoscaling.v2.HorizontalPodAutoscaler;
type MetricSpec = autoscaling.v2.MetricSpec;
type MetricStatus = autoscaling.v2.MetricStatus;

/** The one metric that autoscaling/v1 has a field for. */
function isCpuUtilization({ type, resource }: MetricSpec): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;
}

function cpuTarget(averageUtilization: number | undefined): MetricSpec[] {
  if (averageUtilization === undefined) return [];
  return [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }];
}

function cpuMeasured(averageUtilization: number | undefined): MetricStatus[] | null {
  if (averageUtilization === undefined) return null;
  return [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } }];
}

/** autoscaling/v1 as v2. What v1 has no fields for comes from annotations, which v2 does not show. */
export function autoscalerToV2({ metadata, spec, status }: V1): V2 {
  const { metrics = [], behavior, currentMetrics, conditions } = readAnnotated(metadata.annotations);
  const all = [...metrics, ...cpuTarget(spec.targetCPUUtilizationPercentage)];
  return {
    metadata: withAnnotations(metadata, withoutAnnotated(metadata.annotations)),
    spec: present<V2['spec']>({
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      metrics: all.length === 0 ? undefined : all,
      behavior,
    }),
    status: present<V2['status']>({
      observedGeneration: status.observedGeneration,
      lastScaleTime: status.lastScaleTime,
      currentReplicas: status.currentReplicas || undefined,
      desiredReplicas: status.desiredReplicas,
      // What the annotation says is more than the one number of the field.
      currentMetrics: currentMetrics ?? cpuMeasured(status.currentCPUUtilizationPercentage),
      conditions,
    }),
  };
}

/** autoscaling/v2 as v1: what has no field there goes into annotations, so that nothing is lost on the way back. */
export function autoscalerFromV2({ metadata, spec, status }: V2): V1 {
  const cpu = spec.metrics?.find(isCpuUtilization);
  const others = spec.metrics?.filter((metric) => !isCpuUtilization(metric)) ?? [];
  const measured = status.currentMetrics?.find(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu');
  return {
    metadata: withAnnotations(metadata, withAnnotated(metadata.annotations, spec, status, others)),
    spec: present<V1['spec']>({
      scaleTargetRef: spec.scaleTargetRef,
      minReplicas: spec.minReplicas,
      maxReplicas: spec.maxReplicas,
      targetCPUUtilizationPercentage: cpu?.resource?.target.averageUtilization,
    }),
    status: present<V1['status']>({
      observedGeneration: status.observedGeneration,
      lastScaleTime: status.lastScaleTime,
      currentReplicas: status.currentReplicas ?? 0,
      desiredReplicas: status.desiredReplicas,
      currentCPUUtilizationPercentage: measured?.resource?.current.averageUtilization,
    }),
  };
}
