import type { GroupVersionKind } from '@keelson/machinery';
import { type KindSchema, kinds } from '@keelson/schema';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { ActionSubresource, ConnectSubresource, PartSubresource } from '../resource/subresource.js';
import { ANY_MEDIA, OBJECT_MEDIA } from './media.js';
import { title, versionTag, versionTitle } from './naming.js';
import { type Operation, type OperationMethod, type OperationPath, type Parameter, TEXT } from './operation.js';
import { nameOf, optionParameter, pretty, restOfPath } from './parameters.js';
import { operation } from './verb-operation.js';

/** A subresource on its way into paths. */
interface Part {
  readonly version: ResourceVersion;
  readonly name: string;
  readonly path: string;
  /** Parameters of the resource's own path but the name. */
  readonly inPath: readonly Parameter[];
}

/** The paths below an object. */
export function subresourcePaths(version: ResourceVersion, object: string, inPath: readonly Parameter[]): OperationPath[] {
  return Object.entries(version.subresources).flatMap(([name, definition]) => {
    const part = { version, name, path: `${object}/${name}`, inPath };
    if (definition.type === 'connect') return connectPaths(part, definition);
    return [{ path: part.path, operations: objectOperations(part, definition) }];
  });
}

function objectOperations(part: Part, definition: PartSubresource<never> | ActionSubresource): Operation[] {
  const { version, name, inPath } = part;
  const schema = definition.kind ?? version.schema;
  const { group, version: ofVersion, kind } = schema;
  const verbs = definition.type === 'action' ? (['create'] as const) : definition.verbs;
  return verbs.map((verb) =>
    operation(verb, {
      version,
      kind: { group, version: ofVersion, kind },
      schema: schema.type.name,
      path: [nameOf(kind), ...inPath],
      suffix: title(name),
      description: `${wordsOf[verb]} ${name} of ${verb === 'create' ? 'a' : 'the specified'} ${version.kind}`,
    }),
  );
}

const wordsOf = { get: 'read', create: 'create', update: 'replace', patch: 'partially update' } as const;

function connectPaths(part: Part, { kind, methods }: ConnectSubresource): OperationPath[] {
  const { version, name, path, inPath } = part;
  // A subresource that is of the resource's own kind is read, not connected to: the log.
  if (kind === version.kind) return [{ path, operations: [readOperation(part, optionsOf(version, `${kind}${title(name)}Options`))] }];
  const options = optionsOf(version, kind);
  const parameters = [nameOf(kind), ...inPath, ...optionParameters(options)];
  const connect = (suffix: string, more: readonly Parameter[]) =>
    methods.map((method) =>
      connectOperation(part, method, { group: version.group, version: version.version, kind }, suffix, [...parameters, ...more]),
    );
  const proxies = options?.type.fields.has('path') === true;
  return [
    { path, operations: connect('', []) },
    ...(proxies ? [{ path: `${path}/{path}`, operations: connect('WithPath', [restOfPath]) }] : []),
  ];
}

function optionsOf({ group, version }: ResourceVersion, kind: string): KindSchema<object> | undefined {
  return kinds.find(group, version, kind);
}

const parameterTypes: Readonly<Record<string, Parameter['type']>> = {
  string: 'string',
  bool: 'boolean',
  int32: 'integer',
  int64: 'integer',
};

/** Options travel in the query, one parameter a field; what is no plain value cannot. */
function optionParameters(options: KindSchema<object> | undefined): Parameter[] {
  return [...(options?.type.fields.values() ?? [])].flatMap(({ name, scalar, description = '' }) => {
    const type = parameterTypes[scalar ?? ''];
    return type === undefined || options === undefined ? [] : [optionParameter(options.kind, name, type, description)];
  });
}

function connectOperation(
  { version, name }: Part,
  method: string,
  kind: GroupVersionKind,
  suffix: string,
  parameters: readonly Parameter[],
): Operation {
  const scope = version.resource.namespaced ? 'Namespaced' : '';
  return {
    method: method.toLowerCase() as OperationMethod,
    id: `connect${versionTitle(version)}${title(method.toLowerCase())}${scope}${version.kind}${title(name)}${suffix}`,
    description: `connect ${method} requests to ${name} of ${version.kind}`,
    tag: versionTag(version),
    action: 'connect',
    kind,
    consumes: ANY_MEDIA,
    produces: ANY_MEDIA,
    parameters,
    codes: [200],
    response: TEXT,
  };
}

function readOperation({ version, name, inPath }: Part, options: KindSchema<object> | undefined): Operation {
  const { group, version: ofVersion, kind } = version;
  const scope = version.resource.namespaced ? 'Namespaced' : '';
  return {
    method: 'get',
    id: `read${versionTitle(version)}${scope}${kind}${title(name)}`,
    description: `read ${name} of the specified ${kind}`,
    tag: versionTag(version),
    action: 'get',
    kind: { group, version: ofVersion, kind },
    consumes: ANY_MEDIA,
    produces: ['text/plain', ...OBJECT_MEDIA],
    parameters: [nameOf(kind), ...inPath, pretty, ...optionParameters(options)],
    codes: [200],
    response: TEXT,
  };
}
