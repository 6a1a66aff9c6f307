import { formatGroupVersion, formatJson, type GroupVersionKind } from '@keelson/machinery';
import type { apidiscovery, meta } from '@keelson/schema';
import type { DiscoveredResource } from './discovered-resource.js';
import type { DiscoveredGroup, DiscoveredGroupVersion } from './discovery-catalog.js';

type APIResource = meta.v1.APIResource;

/** `/api`: the versions of the core group and where to reach the server. It has no apiVersion. */
export function apiVersions(core: DiscoveredGroup | undefined, serverAddress: string): meta.v1.APIVersions {
  return {
    kind: 'APIVersions',
    versions: (core?.versions ?? []).map(({ version }) => version),
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** `/apis` */
export function apiGroupList(groups: readonly DiscoveredGroup[]): meta.v1.APIGroupList {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

/** `/apis/apps` */
export function apiGroup(group: DiscoveredGroup): meta.v1.APIGroup {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

function groupEntry({ group, versions }: DiscoveredGroup): meta.v1.APIGroup {
  const told = versions.map((entry) => ({ groupVersion: formatGroupVersion(entry), version: entry.version }));
  return { name: group, versions: told, preferredVersion: told[0] ?? { groupVersion: '', version: '' } };
}

/** `/api/v1`, `/apis/apps/v1`. Lists of groups that are older than versioned discovery have no apiVersion. */
export function apiResourceList(entry: DiscoveredGroupVersion): meta.v1.APIResourceList {
  return {
    kind: 'APIResourceList',
    ...(!isUnversioned(entry.group) && { apiVersion: 'v1' }),
    groupVersion: formatGroupVersion(entry),
    resources: entry.resources.flatMap((resource) => resourceEntries(resource, entry)),
  };
}

function isUnversioned(group: string): boolean {
  return group === '' || group === 'extensions';
}

function resourceEntries(resource: DiscoveredResource, own: DiscoveredGroupVersion): APIResource[] {
  const { shortNames, categories, storageVersionHash, subresources = [] } = resource;
  const namespaced = resource.scope === 'Namespaced';
  const main: APIResource = {
    name: resource.resource,
    singularName: resource.singularResource,
    namespaced,
    ...kindEntry(resource.responseKind, own),
    verbs: resource.verbs,
    ...(shortNames && { shortNames }),
    ...(categories && { categories }),
    ...(storageVersionHash !== undefined && { storageVersionHash }),
  };
  const parts = subresources.map(({ subresource, responseKind, verbs }) => ({
    name: `${resource.resource}/${subresource}`,
    singularName: '',
    namespaced,
    ...kindEntry(responseKind, own),
    verbs,
  }));
  return resource.responseKind === undefined ? parts : [main, ...parts];
}

/** Group and version are told where they are not those of the list. */
function kindEntry(of: GroupVersionKind | undefined, own: DiscoveredGroupVersion): Pick<APIResource, 'group' | 'version' | 'kind'> {
  const { group, version, kind } = of ?? { group: '', version: '', kind: '' };
  const foreign = version !== '' && (group !== own.group || version !== own.version);
  return { ...(foreign && { group, version }), kind };
}

/** Everything at once, on `/api` and `/apis` for clients that ask for it. https://kep.k8s.io/3352 */
export function apiGroupDiscoveryList(
  groups: readonly DiscoveredGroup[],
  version: 'v2' | 'v2beta1',
): apidiscovery.v2.APIGroupDiscoveryList {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map(aggregatedVersion),
    })),
  };
}

/** What most versions are told by stays as it is when another one changes: it is made once, and formatted once. */
const told = new WeakMap<DiscoveredGroupVersion, apidiscovery.v2.APIVersionDiscovery>();
const texts = new WeakMap<apidiscovery.v2.APIVersionDiscovery, string>();

function aggregatedVersion(entry: DiscoveredGroupVersion): apidiscovery.v2.APIVersionDiscovery {
  const known = told.get(entry);
  if (known !== undefined) return known;
  const { version, resources, freshness } = entry;
  const made = { version, resources: resources.map(({ storageVersionHash: _, ...rest }) => rest), freshness };
  told.set(entry, made);
  return made;
}

/** The list as JSON text. */
export function aggregatedText({ kind, apiVersion, items }: apidiscovery.v2.APIGroupDiscoveryList): string {
  const groups = (items ?? []).map(
    ({ metadata, versions }) => `{"metadata":${formatJson(metadata)},"versions":[${(versions ?? []).map(versionText).join(',')}]}`,
  );
  return `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":{},"items":[${groups.join(',')}]}`;
}

function versionText(version: apidiscovery.v2.APIVersionDiscovery): string {
  const known = texts.get(version);
  if (known !== undefined) return known;
  const text = formatJson(version);
  texts.set(version, text);
  return text;
}
