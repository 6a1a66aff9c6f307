import { formatGroupVersion, type GroupVersion } from '@keelson/machinery';
import type { ServedGroupVersion } from '../installed-api.js';
import { compareVersions } from './compare-versions.js';
import { type DiscoveredResource, type DiscoveryForm, discoveredResource } from './discovered-resource.js';

/** A served group-version and what is known of its resources. */
export interface DiscoveredGroupVersion extends GroupVersion {
  /** The group's place is that of its highest version; higher comes first. */
  readonly groupPriority: number;
  /** Orders the versions of a group; higher comes first and the first one is preferred. */
  readonly versionPriority: number;
  readonly resources: readonly DiscoveredResource[];
  /** `Stale`: another server serves it and does not answer; the resources are what it told last. */
  readonly freshness: 'Current' | 'Stale';
  /** Whether all of it are custom resources: whatever the method, it is told of, and what it has not is a page that is missing. */
  readonly isCustom?: boolean;
}

export interface DiscoveredGroup {
  readonly group: string;
  readonly priority: number;
  /** The first one is preferred. */
  readonly versions: readonly DiscoveredGroupVersion[];
}

/** What discovery tells of: a live set of group-versions, as custom resources and other servers' APIs come and go. */
export class DiscoveryCatalog {
  readonly #own = new Map<string, DiscoveredGroupVersion>();
  /** What other servers serve, in place of this one where both do. */
  readonly #remote = new Map<string, DiscoveredGroupVersion>();
  #groups: readonly DiscoveredGroup[] | undefined;
  #generation = 0;

  /** Counts changes. */
  get generation(): number {
    return this.#generation;
  }

  /** Adds a group-version, or replaces what was told of it. */
  set(entry: DiscoveredGroupVersion): void {
    this.#set(this.#own, entry);
  }

  delete(groupVersion: GroupVersion): void {
    if (this.#own.delete(formatGroupVersion(groupVersion))) this.#changed();
  }

  /** The same for one that another server serves. */
  setRemote(entry: DiscoveredGroupVersion): void {
    this.#set(this.#remote, entry);
  }

  deleteRemote(groupVersion: GroupVersion): void {
    if (this.#remote.delete(formatGroupVersion(groupVersion))) this.#changed();
  }

  get(groupVersion: GroupVersion): DiscoveredGroupVersion | undefined {
    const key = formatGroupVersion(groupVersion);
    return this.#remote.get(key) ?? this.#own.get(key);
  }

  /** Every group in discovery order; the core group is one of them. */
  get groups(): readonly DiscoveredGroup[] {
    this.#groups ??= orderedGroups(new Map([...this.#own, ...this.#remote]).values());
    return this.#groups;
  }

  #set(entries: Map<string, DiscoveredGroupVersion>, entry: DiscoveredGroupVersion): void {
    entries.set(formatGroupVersion(entry), { ...entry, resources: [...entry.resources].sort(byResource) });
    this.#changed();
  }

  #changed(): void {
    this.#generation++;
    this.#groups = undefined;
  }
}

function byResource(a: DiscoveredResource, b: DiscoveredResource): number {
  return a.resource < b.resource ? -1 : 1;
}

function orderedGroups(entries: Iterable<DiscoveredGroupVersion>): DiscoveredGroup[] {
  const byGroup = groupEntries(entries);
  return [...byGroup]
    .map(([group, versions]) => ({
      group,
      priority: Math.max(...versions.map(({ groupPriority }) => groupPriority)),
      versions: versions.sort((a, b) => b.versionPriority - a.versionPriority || compareVersions(a.version, b.version)),
    }))
    .sort((a, b) => b.priority - a.priority || (a.group < b.group ? -1 : 1));
}

function groupEntries(entries: Iterable<DiscoveredGroupVersion>): Map<string, DiscoveredGroupVersion[]> {
  const byGroup = new Map<string, DiscoveredGroupVersion[]>();
  for (const entry of entries) {
    const versions = byGroup.get(entry.group);
    if (versions === undefined) byGroup.set(entry.group, [entry]);
    else versions.push(entry);
  }
  return byGroup;
}

/** The entry of a group-version that this server serves itself. */
export function discoveredGroupVersion(served: ServedGroupVersion, form?: DiscoveryForm): DiscoveredGroupVersion {
  const { group, version, groupPriority, versionPriority } = served;
  const resources = served.resources.map((resource) => discoveredResource(resource, form));
  return { group, version, groupPriority, versionPriority, resources, freshness: 'Current' };
}
