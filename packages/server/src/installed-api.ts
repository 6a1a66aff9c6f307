import { type Features, formatGroupVersion } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { ResourceStore, StoreFeed } from '@keelson/storage';
import type { ResourceLayer } from './dispatch/resource-layer.js';
import type { ApiGroup, ApiGroupVersion } from './resource/api-group.js';
import type { Resource } from './resource/resource.js';
import type { ResourceVersion } from './resource/resource-version.js';
import type { StorageFormat } from './resource/stored/stored-encoding.js';

/** A group-version that is served, with its resources. */
export interface ServedGroupVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  readonly resources: readonly ResourceVersion[];
}

/** A resource in one of its versions: what is switched on or off as one, its subresources with it. */
export interface ServableResource extends Omit<ApiGroupVersion, 'removed'> {
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  /** What only older releases served: all of the version, or those of its resources that v1.34 does not have in it. */
  readonly removed: false | 'version' | 'resource';
}

export interface InstallOptions {
  readonly feed: StoreFeed;
  /** Starts every key, no slash at its end: `/registry`. */
  readonly prefix: string;
  readonly layer: ResourceLayer;
  /** Versions to write objects in, `group/version`: of each resource the first one that it has. */
  readonly storageVersions: readonly string[];
  /** What they are written as, unless their definition says so itself. */
  readonly storageFormat: StorageFormat;
  enabled(resource: ServableResource): boolean;
  readonly features: Features;
}

/** Binds resources to their stores and makes the routes of the versions that are switched on. */
export function installGroups(groups: readonly ApiGroup[], options: InstallOptions): ServedGroupVersion[] {
  return groups.flatMap((group) => installGroup(group, options));
}

function installGroup(group: ApiGroup, options: InstallOptions): ServedGroupVersion[] {
  for (const resource of group.resources) bind(resource, options);
  return group.versions.flatMap((version) => {
    const resources = servedIn(group, version, options);
    for (const one of resources) options.layer.install(one);
    const { group: name, priority: groupPriority } = group;
    return resources.length === 0
      ? []
      : [{ group: name, version: version.version, groupPriority, versionPriority: version.priority, resources }];
  });
}

function servedIn({ group, resources }: ApiGroup, version: ApiGroupVersion, { enabled, features }: InstallOptions): ResourceVersion[] {
  const servable = ({ resource, definition }: ResourceVersion): ServableResource => {
    if (version.removed) return { ...version, group, resource: resource.resource, removed: 'version' };
    if (definition.removed) return { ...version, group, resource: resource.resource, enabledByDefault: false, removed: 'resource' };
    return { ...version, group, resource: resource.resource, removed: false };
  };
  return resources
    .filter(({ definition: { feature } }) => feature === undefined || features.get(feature))
    .flatMap((resource) => resource.inVersion(group, version.version) ?? [])
    .filter((one) => enabled(servable(one)));
}

function bind(resource: Resource, { feed, prefix, storageVersions, storageFormat, features }: InstallOptions): void {
  if (!resource.stored) return;
  resource.storeAs(storageFormat, chosenKind(resource, storageVersions));
  const namesUnreadable = features.get('AllowUnsafeMalformedObjectDeletion') === true;
  resource.bind(storeOf(resource, feed, prefix, namesUnreadable));
}

function chosenKind({ hub, definition: { versions = [] } }: Resource, storageVersions: readonly string[]): KindSchema | undefined {
  const kinds = new Map([hub, ...versions.map(({ kind }) => kind)].map((kind) => [formatGroupVersion(kind), kind]));
  return storageVersions.map((version) => kinds.get(version)).find((kind) => kind !== undefined);
}

function storeOf({ definition, form, namespaced }: Resource, feed: StoreFeed, prefix: string, namesUnreadable: boolean): ResourceStore {
  const { key, triggerField, cached = true } = definition.storage;
  const layout = {
    prefix: `${prefix}/${key}/`,
    namespaced,
    indexer: form.indexer,
    ...(triggerField !== undefined && { triggerField }),
    namesUnreadable,
  };
  return feed.resource(layout, { cached });
}
