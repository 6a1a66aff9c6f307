import { defineGroup } from '@keelson/server';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscalers.js';

export const autoscalingGroup = defineGroup({
  group: 'autoscaling',
  priority: 17500,
  versions: [
    { version: 'v2', priority: 30, enabledByDefault: true },
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v2beta1', priority: 9, enabledByDefault: false, removed: true },
    { version: 'v2beta2', priority: 1, enabledByDefault: false, removed: true },
  ],
  resources: [horizontalPodAutoscalers],
});
