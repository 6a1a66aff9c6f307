import type { autoscaling } from '@keelson/schema';
import { withAnnotations } from '../conversion/annotations.js';
import { present } from '../conversion/present.js';
import { readTolerances, withoutAnnotated, withTolerances } from './round-trip-annotations.js';

type Beta = autoscaling.v2beta2.HorizontalPodAutoscaler;
type V2 = autoscaling.v2.HorizontalPodAutoscaler;

/** v2beta2 has no tolerances, which annotations carry, and prints conditions always. */
export const beta2Autoscaler = {
  toHub({ metadata, spec, status: { conditions, ...status } }: Beta): V2 {
    const { annotations } = metadata;
    return {
      metadata: withAnnotations(metadata, withoutAnnotated(annotations)),
      spec: { ...spec, ...(spec.behavior && { behavior: readTolerances(annotations, spec.behavior) }) },
      status: present<V2['status']>({ ...status, conditions: conditions ?? undefined }),
    };
  },
  fromHub({ metadata, spec, status }: V2): Beta {
    return {
      metadata: withAnnotations(metadata, withTolerances(metadata.annotations, spec.behavior)),
      spec,
      status: { ...status, currentReplicas: status.currentReplicas ?? 0, conditions: status.conditions ?? null },
    };
  },
};
