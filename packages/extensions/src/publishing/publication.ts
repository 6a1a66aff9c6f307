import { type ApiServer, type DiscoveredResource, discoveredResource, type ResourceVersion } from '@keelson/server';
import { customGroupSource, customVersionSource } from './custom-openapi.js';

/** Where custom resources stand among the groups, and all their versions among each other: then their names decide. */
const GROUP_PRIORITY = 1000;
const VERSION_PRIORITY = 100;
/** What can no longer be done to objects whose definition is being deleted. */
const WRITES: ReadonlySet<string> = new Set(['create', 'patch', 'update']);

interface Published {
  readonly versions: readonly ResourceVersion[];
  readonly terminating: boolean;
}

/** What discovery and OpenAPI tell of custom resources. Definitions of a group share its versions. */
export class Publication {
  readonly #server: ApiServer;
  /** By group, and then by name of the definition. */
  readonly #groups = new Map<string, Map<string, Published>>();
  readonly #told = new WeakMap<ResourceVersion, DiscoveredResource>();

  constructor(server: ApiServer) {
    this.#server = server;
  }

  /** `terminating`: it is being deleted, and its objects are. */
  publish(definition: string, group: string, versions: readonly ResourceVersion[], terminating: boolean): void {
    const known = this.#groups.get(group) ?? new Map<string, Published>();
    this.#groups.set(group, known);
    if (known.size === 0) this.#server.openApi.set(customGroupSource(group));
    known.set(definition, { versions, terminating });
    for (const { version } of versions) this.#tell(group, version);
  }

  withdraw(definition: string, group: string): void {
    const known = this.#groups.get(group);
    const published = known?.get(definition);
    if (known === undefined || published === undefined) return;
    known.delete(definition);
    for (const { version } of published.versions) this.#tell(group, version);
    if (known.size > 0) return;
    this.#groups.delete(group);
    this.#server.openApi.delete(customGroupSource(group).key);
  }

  #tell(group: string, version: string): void {
    const { catalog, openApi, served } = this.#server;
    // What is built in has its group-versions for itself.
    if (served.some((one) => one.group === group && one.version === version)) return;
    const here = [...(this.#groups.get(group)?.values() ?? [])].flatMap(({ versions, terminating }) =>
      versions.filter((one) => one.version === version).map((resource) => ({ resource, terminating })),
    );
    const resources = here.map(({ resource }) => resource);
    const source = { group, version, groupPriority: GROUP_PRIORITY, versionPriority: VERSION_PRIORITY, resources };
    if (resources.length === 0) {
      catalog.delete(source);
      openApi.delete(customVersionSource(source).key);
    } else {
      catalog.set({ ...source, resources: here.map((one) => this.#discovered(one)), freshness: 'Current', isCustom: true });
      openApi.set(customVersionSource(source));
    }
  }

  /** Made once: others of its group come and go. */
  #discovered({ resource, terminating }: { readonly resource: ResourceVersion; readonly terminating: boolean }): DiscoveredResource {
    const told = this.#told.get(resource) ?? discoveredResource(resource, { ...this.#server.discoveryForm, qualified: true });
    this.#told.set(resource, told);
    return terminating ? { ...told, verbs: (told.verbs ?? []).filter((verb) => !WRITES.has(verb)) } : told;
  }
}
