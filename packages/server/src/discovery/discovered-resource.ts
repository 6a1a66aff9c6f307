import { createHash } from 'node:crypto';
import type { GroupVersion, GroupVersionKind } from '@keelson/machinery';
import type { apidiscovery, KindSchema } from '@keelson/schema';
import { verbOfMethod } from '../filters/request-info.js';
import type { ResourceVerb } from '../resource/definition.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { SubresourceDefinition } from '../resource/subresource.js';

/** A resource as discovery tells of it: the aggregated form's entry, and what only the other form has. */
export interface DiscoveredResource extends apidiscovery.v2.APIResourceDiscovery {
  /** Tells versions of one stored resource from resources that have the same name only. */
  readonly storageVersionHash?: string;
}

/** In the order in which kube-apiserver tells them. */
const verbsOfCustomResources: readonly ResourceVerb[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

export interface DiscoveryForm {
  /** Kinds name their group and version even where these are the resource's own; default false. */
  readonly qualified?: boolean;
  /** Whether resources have their `storageVersionHash`; default true. */
  readonly hashed?: boolean;
}

/** The entry of a served version. */
export function discoveredResource(version: ResourceVersion, { qualified = false, hashed = true }: DiscoveryForm = {}): DiscoveredResource {
  const { resource } = version;
  const { short, categories } = shortcutsTo(version);
  const subresources = discoveredSubresources(version, qualified);
  return {
    resource: resource.resource,
    responseKind: responseKind(version, version, qualified),
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: version.schema.custom ? verbsOfCustomResources.filter((verb) => resource.verbs.has(verb)) : [...resource.verbs].sort(),
    ...(short.length > 0 && { shortNames: [...short] }),
    ...(categories.length > 0 && { categories: [...categories] }),
    ...(subresources.length > 0 && { subresources }),
    ...(hashed && resource.stored && { storageVersionHash: storageVersionHash(resource.storedKind) }),
  };
}

/**
 * There is no shortcut to a removed version, which may be in another group than today's: `kubectl get all` would show objects once
 * more for each group they are in, and `kubectl get deploy` warn that `deploy` could mean another resource.
 */
function shortcutsTo({ resource, definition }: ResourceVersion): { short: readonly string[]; categories: readonly string[] } {
  const { short = [], categories = [] } = definition.removed ? {} : resource.definition.names;
  return { short, categories };
}

function discoveredSubresources(version: ResourceVersion, qualified: boolean): apidiscovery.v2.APISubresourceDiscovery[] {
  const definitions = Object.entries(version.subresources);
  return definitions
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([subresource, definition]) => ({
      subresource,
      responseKind: responseKind(subresourceKind(version, definition), version, qualified),
      verbs: subresourceVerbs(definition),
    }));
}

/** The kind a subresource speaks; the options of a connection are of the resource's own version. */
function subresourceKind(version: ResourceVersion, definition: SubresourceDefinition<never>): GroupVersionKind {
  const { kind } = definition;
  if (kind === undefined) return version;
  return typeof kind === 'string' ? { group: version.group, version: version.version, kind } : kind;
}

function subresourceVerbs(definition: SubresourceDefinition<never>): string[] {
  if (definition.type === 'action') return ['create'];
  if (definition.type === 'part') return [...definition.verbs].sort();
  return [...new Set(definition.methods.flatMap((method) => verbOfMethod[method] ?? []))].sort();
}

function responseKind({ group, version, kind }: GroupVersionKind, own: GroupVersion, qualified: boolean): GroupVersionKind {
  const foreign = group !== own.group || version !== own.version;
  return qualified || foreign ? { group, version, kind } : { group: '', version: '', kind };
}

function storageVersionHash(stored: KindSchema<object>): string {
  const name = `${stored.group}/${stored.version}/${stored.kind}`;
  return createHash('sha256').update(name).digest().subarray(0, 8).toString('base64');
}
