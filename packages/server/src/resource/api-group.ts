import type { Resource } from './resource.js';

/** One version of a group, as discovery orders and switches it. */
export interface ApiGroupVersion {
  readonly version: string;
  /** Orders versions in discovery and APIServices; higher first. */
  readonly priority: number;
  /** Served without `--runtime-config`. */
  readonly enabledByDefault: boolean;
  /** Only releases before v1.34 served it. */
  readonly removed?: boolean;
}

/** A group with all resources of all its versions. */
export interface ApiGroup {
  readonly group: string;
  /** Orders groups in discovery; higher first. */
  readonly priority: number;
  /** The first one is preferred. */
  readonly versions: readonly ApiGroupVersion[];
  readonly resources: readonly Resource[];
}

export function defineGroup(group: ApiGroup): ApiGroup {
  return group;
}
