import { conflict, failedDeletePrecondition, type JsonObject, notFound, type Preconditions } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { Resource, SubresourceCreateRequest } from '@keelson/server';
import { observedGeneration } from './observed-generation.js';

type Pod = core.v1.Pod;
type Condition = core.v1.PodCondition;

const podsResource = { group: '', resource: 'pods' };

function evicted(pod: Pod, before: Condition | undefined, now: string): Condition {
  return {
    type: 'DisruptionTarget',
    ...observedGeneration(pod),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: before?.status === 'True' ? before.lastTransitionTime : now,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
}

/** In place. */
function addCondition(pod: Pod, now: string): void {
  const conditions = pod.status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === 'DisruptionTarget');
  pod.status.conditions = conditions.toSpliced(at < 0 ? conditions.length : at, 1, evicted(pod, conditions[at], now));
}

/**
 * Says in a pod's conditions that it goes because it is evicted (KEP-3329): those who made the pod look there. Beside the
 * strategies, which would have the status written by nodes alone. Gives the options to delete the pod with, as it then is.
 */
export async function markEvicted(
  pods: Resource,
  { namespace, name, context }: SubresourceCreateRequest,
  options: JsonObject,
): Promise<JsonObject> {
  const wanted = (options.preconditions ?? {}) as Preconditions;
  const { current } = await pods.store.update(pods.path(namespace, name), (stored) => {
    if (stored === undefined) throw notFound(podsResource, name);
    const pod = pods.form.decode(stored.value) as Pod;
    pod.metadata.resourceVersion = String(stored.revision);
    const failed = failedDeletePrecondition(wanted, pod.metadata);
    if (failed !== undefined) throw conflict({ group: '', resource: 'Pod' }, name, failed);
    addCondition(pod, context.now);
    return { action: 'put', value: pods.form.encode(pod) };
  });
  if (wanted.resourceVersion === undefined || current === undefined) return options;
  return { ...options, preconditions: { ...wanted, resourceVersion: String(current.revision) } };
}
