import type { ObjectMeta } from '@keelson/machinery';
import type { core } from '@keelson/schema';

/** What all kinds of containers have. */
export type CheckedContainer = core.v1.EphemeralContainerCommon;

/** A pod, or what a template says of its pods, as checks look at it. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: core.v1.PodSpec;
  /** Of all kinds: init containers, containers, ephemeral ones. */
  readonly containers: readonly CheckedContainer[];
}

export function checkedPod(metadata: Pick<ObjectMeta, 'annotations'> | undefined, spec: core.v1.PodSpec): CheckedPod {
  return {
    annotations: metadata?.annotations ?? {},
    spec,
    containers: [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])],
  };
}

export function isWindows({ spec }: CheckedPod): boolean {
  return spec.os?.name === 'windows';
}
