import type { core } from '@keelson/schema';

/** What a condition that this server adds says of the pod's generation: nothing before the pod's node does (KEP-5067). */
export function observedGeneration({ metadata, status }: core.v1.Pod): Pick<core.v1.PodCondition, 'observedGeneration'> {
  const { generation } = metadata;
  return status.observedGeneration === undefined || generation === undefined ? {} : { observedGeneration: generation };
}
