import { formatGroupVersion } from '@keelson/machinery';
import { eachOpenApiDefinition, type KindSchema, messageNameOf } from '@keelson/schema';
import type { ServedGroupVersion } from '../installed-api.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { Definitions, OperationPath } from './operation.js';
import { resourcePaths } from './resource-paths.js';
import { coreRootPath, groupPath, groupsRootPath, issuerKeysPath, issuerPath, resourceListPath, versionPath } from './server-paths.js';
import { META_V1 } from './verb-operation.js';

/** A part of the API that OpenAPI v3 has a document of, and v2 a part. Read when the first client asks for a document. */
export interface OpenApiSource {
  /** Below `/openapi/v3/`: `apis/apps/v1`, `version`. */
  readonly key: string;
  paths(): readonly OperationPath[];
  /** What the operations mention and all that needs, by name. */
  definitions(version: 'v2' | 'v3'): Definitions;
}

/** Messages that are no kinds of a resource, by the names of their definitions. */
const machineryMessages: ReadonlyMap<string, string> = new Map([
  ...['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'DeleteOptions', 'Patch', 'Status', 'WatchEvent'].map(
    (name) => [`${META_V1}.${name}`, `meta.v1.${name}`] as const,
  ),
  ['io.k8s.apimachinery.pkg.version.Info', 'machinery.Info'],
]);

/** Definitions of the machinery's own types among those that operations mention. */
export function machineryDefinitions(paths: readonly OperationPath[], version: 'v2' | 'v3'): Definitions {
  return eachOpenApiDefinition(messagesOf(paths, machineryMessages), version);
}

/** A served group-version whose kinds are built in. */
export function groupVersionSource(served: ServedGroupVersion): OpenApiSource {
  const root = served.group === '' ? 'api' : 'apis';
  const paths = () => [resourceListPath(served), ...served.resources.flatMap(resourcePaths)];
  return {
    key: `${root}/${formatGroupVersion(served)}`,
    paths,
    definitions: (version) => {
      const messages = new Map([...machineryMessages, ...served.resources.flatMap(kindMessages)]);
      return eachOpenApiDefinition(messagesOf(paths(), messages), version);
    },
  };
}

/** What is there besides group-versions: the roots of discovery, groups, the server's version and token issuer. */
export function serverSources(groups: readonly string[]): OpenApiSource[] {
  return [
    pathSource('api', coreRootPath),
    pathSource('apis', groupsRootPath),
    pathSource('version', versionPath),
    pathSource('.well-known/openid-configuration', issuerPath),
    pathSource('openid/v1/jwks', issuerKeysPath),
    ...groups.filter((group) => group !== '').map(groupSource),
  ];
}

/** What a group tells of itself. */
export function groupSource(group: string): OpenApiSource {
  return pathSource(`apis/${group}`, () => groupPath(group));
}

function pathSource(key: string, path: () => OperationPath): OpenApiSource {
  return { key, paths: () => [path()], definitions: (version) => machineryDefinitions([path()], version) };
}

function messagesOf(paths: readonly OperationPath[], messages: ReadonlyMap<string, string>): Set<string> {
  const mentioned = paths.flatMap(({ operations }) => operations.flatMap(({ response, body }) => [response, body?.schema]));
  const found = mentioned.flatMap((name) => (typeof name === 'string' ? (messages.get(name) ?? []) : []));
  return new Set(found);
}

/** Definitions and messages of a resource's kind, its list, and the kinds of its subresources. */
function kindMessages({ schema, subresources }: ResourceVersion): [definition: string, message: string][] {
  const parts = Object.values(subresources).flatMap(({ kind }) => (typeof kind === 'object' ? [kind] : []));
  const list: [string, string] = [`${schema.type.name}List`, `${messageNameOf(schema)}List`];
  return [list, ...[schema, ...parts].map((kind: KindSchema): [string, string] => [kind.type.name, messageNameOf(kind)])];
}
