import { type ApiGroup, defineGroup } from '@keelson/server';
import type { ServedGroup } from '../registration/api-service.js';
import type { ServableResource } from '../resource/extension-resource.js';
import type { MadeResource } from '../resource/make-resource.js';

/** A resource with what was made of it for this server. */
export interface Installed {
  readonly definition: ServableResource;
  readonly made: MadeResource;
}

/** The groups of some resources. Versions stand in the order in which resources name them, their main one first. */
export function servedGroups(resources: readonly ServableResource[]): ServedGroup[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, versions } of resources) groups.set(group, new Set([...(groups.get(group) ?? []), ...versions]));
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions] }));
}

/** The same, as the server serves them. */
export function apiGroups(installed: readonly Installed[]): ApiGroup[] {
  return servedGroups(installed.map(({ definition }) => definition)).map(({ group, versions }, at, all) =>
    defineGroup({
      group,
      priority: all.length - at,
      versions: versions.map((version, of) => ({ version, priority: versions.length - of, enabledByDefault: true })),
      resources: installed.filter(({ definition }) => definition.group === group).map(({ made }) => made.resource),
    }),
  );
}
