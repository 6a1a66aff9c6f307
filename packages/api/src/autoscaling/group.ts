import { defineGroup } from '@keelson/server';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscalers.js';

export const autoscalingGroup = defineGroup({
  group: 'autoscaling',
  priority: 17500,
  versions: [
    { version: 'v2', priority: 30, enabledByDefault: true },
    { version: 'v1', priority: 15, enabledByDefault: true },
  ],
  resources: [horizontalPodAutoscalers],
});
