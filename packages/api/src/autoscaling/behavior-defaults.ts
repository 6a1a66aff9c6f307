import { type autoscaling, wasSentEmpty } from '@keelson/schema';

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
  behavior.scaleUp = spelledOut(behavior.scaleUp, scaleUpDefaults());
  behavior.scaleDown = spelledOut(behavior.scaleDown, scaleDownDefaults());
}

function spelledOut(said: ScalingRules | undefined, defaults: ScalingRules): ScalingRules {
  // Policies that were sent empty were said to be none: nothing stands in for them, and validation misses them.
  if (said !== undefined && wasSentEmpty(said, 'policies')) delete defaults.policies;
  return { ...defaults, ...said };
}
