import type { ResourceStore, StoreFeed } from '@keelson/storage';
import type { ResourceLayer } from './dispatch/resource-layer.js';
import type { ApiGroup, ApiGroupVersion } from './resource/api-group.js';
import type { Resource } from './resource/resource.js';
import type { ResourceVersion } from './resource/resource-version.js';

/** A group-version that is served, with its resources. */
export interface ServedGroupVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  readonly resources: readonly ResourceVersion[];
}

export interface InstallOptions {
  readonly feed: StoreFeed;
  /** Starts every key, no slash at its end: `/registry`. */
  readonly prefix: string;
  readonly layer: ResourceLayer;
  enabled(version: ApiGroupVersion & { readonly group: string }): boolean;
}

/** Binds resources to their stores and makes the routes of the versions that are switched on. */
export function installGroups(groups: readonly ApiGroup[], options: InstallOptions): ServedGroupVersion[] {
  return groups.flatMap((group) => installGroup(group, options));
}

function installGroup(group: ApiGroup, options: InstallOptions): ServedGroupVersion[] {
  for (const resource of group.resources) bind(resource, options);
  const served = group.versions.filter((version) => options.enabled({ ...version, group: group.group }));
  return served.map(({ version, priority }) => {
    const resources = group.resources.flatMap((resource) => resource.inVersion(group.group, version) ?? []);
    for (const one of resources) options.layer.install(one);
    return { group: group.group, version, groupPriority: group.priority, versionPriority: priority, resources };
  });
}

function bind(resource: Resource, { feed, prefix }: InstallOptions): void {
  if (resource.stored) resource.bind(storeOf(resource, feed, prefix));
}

function storeOf({ definition, form, namespaced }: Resource, feed: StoreFeed, prefix: string): ResourceStore {
  const { key, triggerField, cached = true } = definition.storage;
  const layout = { prefix: `${prefix}/${key}/`, namespaced, indexer: form.indexer, ...(triggerField !== undefined && { triggerField }) };
  return feed.resource(layout, { cached });
}
