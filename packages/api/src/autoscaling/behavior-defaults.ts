import type { autoscaling } from '@keelson/schema';

type ScalingRules = autoscaling.v2.HPAScalingRules;

const allPodsEachQuarterMinute = { type: 'Percent', value: 100, periodSeconds: 15 } as const;

function scaleUpDefaults(): ScalingRules {
  return {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { ...allPodsEachQuarterMinute }],
  };
}

function scaleDownDefaults(): ScalingRules {
  return { selectPolicy: 'Max', policies: [{ ...allPodsEachQuarterMinute }] };
}

/** Who says something of the behaviour (KEP-853) gets the rest spelled out; who says nothing keeps saying nothing. */
export function defaultBehavior(behavior: autoscaling.v2.HorizontalPodAutoscalerBehavior): void {
  behavior.scaleUp = { ...scaleUpDefaults(), ...behavior.scaleUp };
  behavior.scaleDown = { ...scaleDownDefaults(), ...behavior.scaleDown };
}
