import type { AdmissionAttributes } from '@keelson/machinery';
import type { core, imagepolicy } from '@keelson/schema';

type Spec = imagepolicy.v1alpha1.ImageReviewSpec;

/** What the webhook is asked; undefined when no image of a pod comes in. */
export function imageReviewSpec({ resource, subresource, object, namespace }: AdmissionAttributes): Spec | undefined {
  if (resource.group !== '' || resource.resource !== 'pods' || object === undefined) return undefined;
  const { metadata, spec } = object as core.v1.Pod;
  const containers = containersOf(spec, subresource);
  if (containers === undefined) return undefined;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => key.includes('.image-policy.k8s.io/'));
  return {
    ...(containers.length > 0 && { containers: containers.map(({ image }) => (image ? { image } : {})) }),
    ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations.sort(([a], [b]) => (a < b ? -1 : 1))) }),
    ...(namespace !== '' && { namespace }),
  };
}

function containersOf({ containers, initContainers, ephemeralContainers }: core.v1.PodSpec, subresource: string) {
  if (subresource === '') return [...(containers ?? []), ...(initContainers ?? [])];
  return subresource === 'ephemeralcontainers' ? (ephemeralContainers ?? []) : undefined;
}
