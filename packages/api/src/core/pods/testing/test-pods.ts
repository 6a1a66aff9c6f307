import { defaultFeatures } from '@keelson/machinery';
import type { Resource } from '@keelson/server';
import { podDisruptionBudgets } from '../../../policy/pod-disruption-budgets.js';
import { defaultKubelets, Kubelets } from '../../connect/destinations/kubelets.js';
import { createNodes } from '../../nodes.js';
import { createPods } from '../pods.js';

/** Pods of a server with the features of a default one. */
export function testPods(): Resource {
  const kubelets = new Kubelets(defaultKubelets);
  return createPods(podDisruptionBudgets, defaultFeatures, { nodes: createNodes(kubelets), kubelets });
}
