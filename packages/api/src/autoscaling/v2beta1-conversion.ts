import type { autoscaling } from '@keelson/schema';
import { withAnnotations } from '../conversion/annotations.js';
import { present } from '../conversion/present.js';
import { measuredToV1, measuredToV2, metricToV1, metricToV2 } from './metric-conversion.js';
import { readAnnotated, withBehavior, withoutAnnotated } from './round-trip-annotations.js';

type Beta = autoscaling.v2beta1.HorizontalPodAutoscaler;
type V2 = autoscaling.v2.HorizontalPodAutoscaler;

/** v2beta1 has the flat form of metrics, and no behaviour, which an annotation carries. */
export const beta1Autoscaler = {
  toHub({ metadata, spec, status }: Beta): V2 {
    const { behavior } = readAnnotated(metadata.annotations);
    return {
      metadata: withAnnotations(metadata, withoutAnnotated(metadata.annotations)),
      spec: present<V2['spec']>({ ...spec, metrics: spec.metrics?.map(metricToV2), behavior }),
      status: present<V2['status']>({
        ...status,
        currentMetrics: status.currentMetrics?.map(measuredToV2) ?? null,
        conditions: status.conditions ?? undefined,
      }),
    };
  },
  fromHub({ metadata, spec: { behavior, metrics, ...spec }, status }: V2): Beta {
    return {
      metadata: withAnnotations(metadata, withBehavior(metadata.annotations, behavior)),
      spec: present<Beta['spec']>({ ...spec, metrics: metrics?.map(metricToV1) }),
      status: present<Beta['status']>({
        ...status,
        currentReplicas: status.currentReplicas ?? 0,
        currentMetrics: status.currentMetrics?.map(measuredToV1) ?? null,
        conditions: status.conditions ?? null,
      }),
    };
  },
};
