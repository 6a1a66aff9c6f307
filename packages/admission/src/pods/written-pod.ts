import type { AdmissionAttributes } from '@keelson/machinery';
import type { core } from '@keelson/schema';

/** The pod that is written; undefined when it is something else, or a subresource of a pod. */
export function podOf({ resource, subresource, object }: AdmissionAttributes): core.v1.Pod | undefined {
  return isPod(resource) && subresource === '' ? (object as core.v1.Pod | undefined) : undefined;
}

function isPod({ group, resource }: AdmissionAttributes['resource']): boolean {
  return group === '' && resource === 'pods';
}
