import type { autoscaling, extensions } from '@keelson/schema';
import { present } from '../conversion/present.js';
import { autoscalerFromV2, autoscalerToV2 } from './v1-conversion.js';

type First = extensions.v1beta1.HorizontalPodAutoscaler;
type V1 = autoscaling.v1.HorizontalPodAutoscaler;
type V2 = autoscaling.v2.HorizontalPodAutoscaler;

/** The subresource by which anything is scaled; no other was ever meant. */
const scale = 'scale';

function toV1({ spec: { scaleRef, cpuUtilization, ...spec }, ...others }: First): V1 {
  const { subresource: _always, kind = '', name = '', apiVersion } = scaleRef;
  return {
    ...others,
    spec: present<V1['spec']>({
      ...spec,
      scaleTargetRef: present<V1['spec']['scaleTargetRef']>({ kind, name, apiVersion }),
      targetCPUUtilizationPercentage: cpuUtilization?.targetPercentage,
    }),
  };
}

function fromV1({ spec: { scaleTargetRef, targetCPUUtilizationPercentage: targetPercentage, ...spec }, ...others }: V1): First {
  return {
    ...others,
    spec: present<First['spec']>({
      ...spec,
      scaleRef: { ...scaleTargetRef, subresource: scale },
      cpuUtilization: targetPercentage === undefined ? undefined : { targetPercentage },
    }),
  };
}

/** The first version of extensions: v1 under other names, with the annotations that v1 carries the rest by. */
export const firstAutoscaler = {
  toHub: (given: First): V2 => autoscalerToV2(toV1(given)),
  fromHub: (hub: V2): First => fromV1(autoscalerFromV2(hub)),
};
