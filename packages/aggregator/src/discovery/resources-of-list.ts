import type { apidiscovery, meta } from '@keelson/schema';
import type { DiscoveredResource } from '@keelson/server';

type APIResource = meta.v1.APIResource;

/** What the older form of discovery tells of a group-version, as the aggregated one tells it: subresources are parts of their resource. */
export function resourcesOfList({ resources }: meta.v1.APIResourceList): DiscoveredResource[] {
  const told = new Map<string, DiscoveredResource & { subresources?: apidiscovery.v2.APISubresourceDiscovery[] }>();
  for (const resource of resources ?? []) {
    const [name = '', subresource] = resource.name.split('/', 2);
    if (subresource === undefined) told.set(name, { ...mainEntry(resource), ...pick(told.get(name), 'subresources') });
    else {
      const main = told.get(name) ?? parentOf(name, resource);
      told.set(name, { ...main, subresources: [...(main.subresources ?? []), partEntry(subresource, resource)] });
    }
  }
  return [...told.values()];
}

function mainEntry(resource: APIResource): DiscoveredResource {
  const { name, singularName, verbs, shortNames = [], categories = [], storageVersionHash } = resource;
  return {
    resource: name,
    responseKind: kindOf(resource),
    scope: scopeOf(resource),
    singularResource: singularName,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(storageVersionHash !== undefined && { storageVersionHash }),
  };
}

/** A subresource may stand alone: nothing can be done with its resource itself. */
function parentOf(name: string, part: APIResource): DiscoveredResource {
  return { resource: name, responseKind: { group: '', version: '', kind: '' }, scope: scopeOf(part), singularResource: '', verbs: null };
}

function partEntry(subresource: string, part: APIResource): apidiscovery.v2.APISubresourceDiscovery {
  return { subresource, responseKind: kindOf(part), verbs: part.verbs };
}

function kindOf({ group = '', version = '', kind }: APIResource): meta.v1.GroupVersionKind {
  return { group, version, kind };
}

function scopeOf({ namespaced }: APIResource): string {
  return namespaced ? 'Namespaced' : 'Cluster';
}

function pick<T, K extends keyof T>(from: T | undefined, key: K): Partial<Pick<T, K>> {
  return from?.[key] === undefined ? {} : ({ [key]: from[key] } as Pick<T, K>);
}
