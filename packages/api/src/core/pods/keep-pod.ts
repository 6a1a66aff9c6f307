import type { core } from '@keelson/schema';

type Pod = core.v1.Pod;

/** Takes everything but who manages which fields, and the version the writer has seen, from the old pod. In place. */
export function keepPod(pod: Pod, old: Pod): void {
  const { managedFields, resourceVersion } = pod.metadata;
  const { managedFields: _old, ...metadata } = old.metadata;
  pod.metadata = { ...metadata, ...(managedFields && { managedFields }), ...(resourceVersion !== undefined && { resourceVersion }) };
  pod.spec = { ...old.spec };
  pod.status = old.status;
}
