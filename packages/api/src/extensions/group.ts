import { defineGroup } from '@keelson/server';
import { daemonSets } from '../apps/daemon-sets.js';
import { deployments } from '../apps/deployments.js';
import { replicaSets } from '../apps/replica-sets.js';
import { horizontalPodAutoscalers } from '../autoscaling/horizontal-pod-autoscalers.js';
import { ingresses } from '../networking/ingresses.js';
import { networkPolicies } from '../networking/network-policies.js';

/** Where many kinds began before they had groups of their own: each is served here in its first shape. */
export const extensionsGroup = defineGroup({
  group: 'extensions',
  priority: 17150,
  versions: [{ version: 'v1beta1', priority: 1, enabledByDefault: false, removed: true }],
  resources: [daemonSets, deployments, replicaSets, horizontalPodAutoscalers, ingresses, networkPolicies],
});
