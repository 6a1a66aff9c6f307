import type { core } from '@keelson/schema';

/** What the rules of a pod's parts need to know of the rest of the pod. */
export interface PodContext {
  /** Volumes that are all right, by name: only these can be mounted. */
  readonly volumes: ReadonlyMap<string, core.v1.Volume>;
  /** Names that the pod gives to its resource claims. */
  readonly claims: ReadonlySet<string>;
  readonly restartPolicy: string;
  readonly graceSeconds: number | undefined;
  readonly os: core.v1.PodOS | undefined;
  /** Whether the pod shares the user namespace of its node. */
  readonly hostUsers: boolean;
}
