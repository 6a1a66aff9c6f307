import { formatGroupResource, formatGroupVersion, type GroupResource, type GroupVersionResource } from '@keelson/machinery';
import { compareVersions } from './discovery/compare-versions.js';
import type { ServedGroupVersion } from './installed-api.js';
import type { ResourceVersion } from './resource/resource-version.js';

type Listener = () => void;

/** What a server serves by now: custom resources come and go. */
export class ServedVersions {
  /** By resource, then by the name of the version. */
  readonly #resources = new Map<string, Map<string, ResourceVersion>>();
  /** Of the group versions that are built in. */
  readonly #priorities: ReadonlyMap<string, number>;
  /** By resource and version. */
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #listenersToAll = new Set<Listener>();

  constructor(builtIn: readonly ServedGroupVersion[]) {
    this.#priorities = new Map(builtIn.map((one) => [formatGroupVersion(one), one.versionPriority]));
    for (const { resources } of builtIn) for (const version of resources) this.add(version);
  }

  get(gvr: GroupVersionResource): ResourceVersion | undefined {
    return this.#resources.get(formatGroupResource(gvr))?.get(gvr.version);
  }

  add(version: ResourceVersion): void {
    const key = formatGroupResource(version.groupResource);
    const versions = this.#resources.get(key) ?? new Map<string, ResourceVersion>();
    this.#resources.set(key, versions.set(version.version, version));
    this.#tell(version);
  }

  remove(version: ResourceVersion): void {
    const key = formatGroupResource(version.groupResource);
    const versions = this.#resources.get(key);
    if (!versions?.delete(version.version)) return;
    if (versions.size === 0) this.#resources.delete(key);
    this.#tell(version);
  }

  /** The version that a resource is served in first of all; undefined when it is not served, or not kept. */
  preferred(resource: GroupResource): GroupVersionResource | undefined {
    const serving = [...(this.#resources.get(formatGroupResource(resource))?.values() ?? [])].filter((one) => one.resource.stored);
    const [first] = serving.sort((a, b) => this.#priorityOf(b) - this.#priorityOf(a) || compareVersions(a.version, b.version));
    return first && { group: resource.group, version: first.version, resource: resource.resource };
  }

  /** Calls back when something else is served as `gvr` than before, or nothing; gives what ends that. */
  onChange(gvr: GroupVersionResource, listener: Listener): () => void {
    const key = keyOf(gvr);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  }

  /** The same for whatever is served. */
  onAnyChange(listener: Listener): () => void {
    this.#listenersToAll.add(listener);
    return () => void this.#listenersToAll.delete(listener);
  }

  #priorityOf({ apiVersion }: ResourceVersion): number {
    return this.#priorities.get(apiVersion) ?? 0;
  }

  #tell({ version, groupResource }: ResourceVersion): void {
    const concerned = this.#listeners.get(keyOf({ ...groupResource, version })) ?? [];
    for (const listener of [...concerned, ...this.#listenersToAll]) listener();
  }
}

function keyOf(gvr: GroupVersionResource): string {
  return `${formatGroupResource(gvr)}/${gvr.version}`;
}
