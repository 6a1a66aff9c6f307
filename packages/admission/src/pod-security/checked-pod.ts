import type { core } from '@keelson/schema';
import type { DescribedPod } from './pod-template.js';

/** What all kinds of containers have. */
export type CheckedContainer = core.v1.EphemeralContainerCommon;

/** A pod, or what a template says of its pods, as checks look at it. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: core.v1.PodSpec;
  /** Of all kinds: init containers, containers, ephemeral ones. */
  readonly containers: readonly CheckedContainer[];
  /** Its root is not that of the node, and that counts. */
  readonly inRelaxedUserNamespace: boolean;
}

export function checkedPod({ metadata, spec }: DescribedPod, relaxUserNamespaces: boolean): CheckedPod {
  return {
    annotations: metadata?.annotations ?? {},
    spec,
    containers: [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])],
    inRelaxedUserNamespace: relaxUserNamespaces && spec.hostUsers === false,
  };
}

export function isWindows({ spec }: CheckedPod): boolean {
  return spec.os?.name === 'windows';
}
