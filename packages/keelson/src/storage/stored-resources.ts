import type { KubeClient } from '@keelson/machinery';
import { ApiError, formatGroupResource, type GroupVersionResource } from '@keelson/machinery';

/** A resource whose objects are stored, in the version that its group prefers. */
export interface StoredResource extends GroupVersionResource {
  readonly namespaced: boolean;
}

export interface ResourceChoice {
  /** `core` or '' is the core group; none: all groups. */
  readonly groups: readonly string[];
  /** `pods` or `deployments.apps`; none: all resources. */
  readonly resources: readonly string[];
}

export interface FoundResources {
  readonly resources: readonly StoredResource[];
  /** Group-versions that the server has and says nothing of, such as those of an extension server that is down. */
  readonly failures: readonly string[];
}

interface ServedGroup {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

interface ApiResource {
  readonly name: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly storageVersionHash?: string;
}

/** Asks the server what it stores. Throws for what was chosen and is not there. */
export async function findStoredResources(client: KubeClient, { groups, resources }: ResourceChoice): Promise<FoundResources> {
  const wantedGroups = new Set(groups.map((group) => (group === 'core' ? '' : group)));
  const served = await servedGroups(client);
  const missing = [...wantedGroups].find((wanted) => served.every(({ group }) => group !== wanted));
  if (missing !== undefined) throw new Error(`the server has no group ${JSON.stringify(missing)}`);
  const found = new ResourceSet();
  const failures: string[] = [];
  for (const one of served.filter(({ group }) => wantedGroups.size === 0 || wantedGroups.has(group))) {
    for (const version of one.versions) {
      const listed = await readVersion(client, one.group, version, failures);
      for (const resource of listed) if (isChosen(resources, one.group, resource.name)) found.add(one.group, version, resource);
    }
  }
  for (const wanted of resources) {
    if (!found.resources.some(({ group, resource }) => isChosen([wanted], group, resource)))
      throw new Error(
        `the server has no resource ${JSON.stringify(wanted)} that is stored${groups.length > 0 ? ' in the groups chosen' : ''}`,
      );
  }
  return { resources: found.resources, failures };
}

/** Each stored resource once, though it may be served in several versions, and in several groups. */
class ResourceSet {
  readonly resources: StoredResource[] = [];
  readonly #known = new Set<string>();

  add(group: string, version: string, { name, namespaced, verbs, storageVersionHash = '' }: ApiResource): void {
    if (name.includes('/') || !verbs.includes('list') || !verbs.includes('patch')) return;
    const names = [formatGroupResource({ group, resource: name }), ...(storageVersionHash === '' ? [] : [`${name} ${storageVersionHash}`])];
    if (!names.some((one) => this.#known.has(one))) this.resources.push({ group, version, resource: name, namespaced });
    for (const one of names) this.#known.add(one);
  }
}

function isChosen(chosen: readonly string[], group: string, resource: string): boolean {
  return chosen.length === 0 || chosen.includes(resource) || chosen.includes(formatGroupResource({ group, resource }));
}

interface GroupList {
  readonly groups: readonly {
    readonly name: string;
    readonly versions: readonly { readonly version: string }[];
    readonly preferredVersion?: { readonly version: string };
  }[];
}

async function servedGroups(client: KubeClient): Promise<ServedGroup[]> {
  const core = await client.json<{ versions: string[] }>({ path: '/api' });
  const { groups } = await client.json<GroupList>({ path: '/apis' });
  return [
    { group: '', versions: core.versions },
    ...groups.map(({ name, versions, preferredVersion }) => ({
      group: name,
      versions: [...new Set([...(preferredVersion ? [preferredVersion.version] : []), ...versions.map(({ version }) => version)])],
    })),
  ];
}

async function readVersion(client: KubeClient, group: string, version: string, failures: string[]): Promise<readonly ApiResource[]> {
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  try {
    return (await client.json<{ resources: ApiResource[] }>({ path })).resources;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    failures.push(`${group}/${version}: ${error.message}`);
    return [];
  }
}
