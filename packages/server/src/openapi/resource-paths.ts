import type { GroupVersionKind } from '@keelson/machinery';
import type { ResourceVerb } from '../resource/definition.js';
import type { Resource } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { ANY_MEDIA, LIST_MEDIA } from './media.js';
import { versionTag, versionTitle } from './naming.js';
import type { Operation, OperationPath, Parameter } from './operation.js';
import { nameOf, namespace, pretty, queryParameters } from './parameters.js';
import { subresourcePaths } from './subresource-paths.js';
import { META_V1, type OperationVerb, operation, rootOf } from './verb-operation.js';

/** Every path of a resource in one version, with its subresources. */
export function resourcePaths(version: ResourceVersion): OperationPath[] {
  const { resource } = version;
  const { verbs, namespaced } = resource;
  const scope = namespaced ? '/namespaces/{namespace}' : '';
  const collection = `${scope}/${resource.resource}`;
  const inPath = namespaced ? [namespace] : [];
  const name = nameOf(version.kind);
  const paths = [
    path(version, collection, only(verbs, 'list', 'create', 'deletecollection'), inPath),
    path(version, `${collection}/{name}`, only(verbs, 'get', 'update', 'patch', 'delete'), [name, ...inPath]),
    ...(namespaced ? [path(version, `/${resource.resource}`, only(verbs, 'list'), [], 'ForAllNamespaces')] : []),
    ...(verbs.has('watch') ? watchPaths(version, collection, inPath) : []),
    ...subresourcePaths(version, `${rootOf(version)}${collection}/{name}`, inPath),
  ];
  return paths.filter(({ operations }) => operations.length > 0);
}

function only(verbs: ReadonlySet<ResourceVerb>, ...wanted: readonly (OperationVerb & ResourceVerb)[]): (OperationVerb & ResourceVerb)[] {
  return wanted.filter((verb) => verbs.has(verb));
}

function path(
  version: ResourceVersion,
  below: string,
  verbs: readonly OperationVerb[],
  inPath: readonly Parameter[],
  suffix = '',
): OperationPath {
  const operations = verbs.map((verb) => {
    const schema = answerOf(version, verb);
    const target = {
      version,
      kind: gvk(version),
      schema: version.schema.type.name,
      path: inPath,
      suffix,
      description: describe(verb, version),
    };
    return { ...operation(verb, target), response: schema };
  });
  return { path: `${rootOf(version)}${below}`, operations };
}

/** Group, version and kind alone. */
function gvk({ group, version, kind }: ResourceVersion): GroupVersionKind {
  return { group, version, kind };
}

function answerOf({ schema, resource }: ResourceVersion, verb: OperationVerb): string {
  if (verb === 'list') return `${schema.type.name}List`;
  const isObject = verb !== 'deletecollection' && (verb !== 'delete' || deletionIsObject(resource));
  return isObject ? schema.type.name : `${META_V1}.Status`;
}

/** Deleted namespaces are published as a Status: generated clients expect no more than that. */
function deletionIsObject({ group, resource, definition }: Resource): boolean {
  return definition.deleteReturns === 'object' && !(group === '' && resource === 'namespaces');
}

function describe(verb: OperationVerb, { kind, resource }: ResourceVersion): string {
  const text: Readonly<Record<OperationVerb, string>> = {
    get: `read the specified ${kind}`,
    list: `${resource.verbs.has('watch') ? 'list or watch' : 'list'} objects of kind ${kind}`,
    create: `create a ${kind}`,
    update: `replace the specified ${kind}`,
    patch: `partially update the specified ${kind}`,
    delete: `delete a ${kind}`,
    deletecollection: `delete collection of ${kind}`,
  };
  return text[verb];
}

/** The paths watches had before they were a query parameter of lists. */
function watchPaths(version: ResourceVersion, collection: string, inPath: readonly Parameter[]): OperationPath[] {
  const { resource } = version;
  const root = `${rootOf(version)}/watch`;
  const scope = resource.namespaced ? 'Namespaced' : '';
  const name = nameOf(version.kind);
  return [
    watchPath(version, `${root}${collection}`, 'watchlist', `${scope}${version.kind}List`, inPath),
    ...(resource.verbs.has('get')
      ? [watchPath(version, `${root}${collection}/{name}`, 'watch', `${scope}${version.kind}`, [name, ...inPath])]
      : []),
    ...(resource.namespaced
      ? [watchPath(version, `${root}/${resource.resource}`, 'watchlist', `${version.kind}ListForAllNamespaces`, [])]
      : []),
  ];
}

function watchPath(version: ResourceVersion, at: string, action: string, named: string, inPath: readonly Parameter[]): OperationPath {
  const what = action === 'watch' ? `an object of kind ${version.kind}` : `a list of ${version.kind}`;
  const watch: Operation = {
    method: 'get',
    id: `watch${versionTitle(version)}${named}`,
    description: `watch changes to ${what}. deprecated: use the 'watch' parameter with a list operation instead.`,
    tag: versionTag(version),
    action,
    kind: gvk(version),
    consumes: ANY_MEDIA,
    produces: LIST_MEDIA,
    parameters: [...inPath, pretty, ...queryParameters.list],
    codes: [200],
    response: `${META_V1}.WatchEvent`,
  };
  return { path: at, operations: [watch] };
}
