import { formatGroupVersion, type GroupVersionKind, type Json, type JsonObject } from '@keelson/machinery';
import { definitionSchema, eachOpenApiDefinition, type JsonSchema, messageTable } from '@keelson/schema';
import {
  groupSource,
  machineryDefinitions,
  type OpenApiSource,
  type OperationPath,
  type ResourceVersion,
  resourceListPath,
  resourcePaths,
  type ServedGroupVersion,
} from '@keelson/server';
import type { CustomKind } from '../kind/custom-kind.js';

export function customGroupSource(group: string): OpenApiSource {
  return groupSource(group);
}

/** A group-version of custom resources as OpenAPI documents show it. */
export function customVersionSource(served: ServedGroupVersion): OpenApiSource {
  const paths = (): readonly OperationPath[] => [resourceListPath(served), ...served.resources.flatMap(resourcePaths)];
  return {
    key: `apis/${formatGroupVersion(served)}`,
    paths,
    definitions: (version) => definitions(served.resources, paths(), version),
  };
}

function* definitions(
  resources: readonly ResourceVersion[],
  paths: readonly OperationPath[],
  version: 'v2' | 'v3',
): Generator<[string, JsonObject], void> {
  const known = new Map([...machineryDefinitions(paths, version), ...eachOpenApiDefinition(messagesOf(resources), version)]);
  for (const resource of resources) {
    const { type, schema } = resource.schema as CustomKind;
    known.set(type.name, objectSchema(resource, schema, version));
    known.set(`${type.name}List`, listSchema(resource, version));
    for (const kind of ownKinds(resource)) known.set(kind.type.name, objectSchema(kind, kind.schema, version));
  }
  yield* [...known].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Kinds of its own that its subresources speak. */
function ownKinds({ subresources }: ResourceVersion): CustomKind[] {
  const kinds = Object.values(subresources).flatMap(({ kind }) => (typeof kind === 'object' ? [kind] : []));
  return kinds.filter(({ custom }) => custom === true) as CustomKind[];
}

/** Built-in messages that custom resources and their lists and scales are made of. */
function messagesOf(resources: readonly ResourceVersion[]): string[] {
  const scaled = resources.some(({ subresources }) => subresources.scale !== undefined);
  return ['meta.v1.ObjectMeta', 'meta.v1.ListMeta', ...(scaled ? ['autoscaling.v1.Scale'] : [])];
}

function reference(definition: string, version: 'v2' | 'v3'): JsonObject {
  return version === 'v2' ? { $ref: `#/definitions/${definition}` } : { $ref: `#/components/schemas/${definition}` };
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

function metadataSchema(name: string, description: string, version: 'v2' | 'v3'): JsonObject {
  const to = reference(`${META}.${name}`, version);
  return version === 'v2' ? { description, ...to } : { description, allOf: [to] };
}

function gvkOf({ group, version, kind }: GroupVersionKind, suffix = ''): JsonObject {
  return { 'x-kubernetes-group-version-kind': [{ group, kind: `${kind}${suffix}`, version }] };
}

function typeMetaSchemas(version: 'v2' | 'v3'): JsonObject {
  const { apiVersion, kind } = (definitionSchema(messageTable('core.v1.Pod'), version).properties ?? {}) as JsonObject;
  return { apiVersion: apiVersion as Json, kind: kind as Json };
}

function objectSchema(resource: GroupVersionKind, schema: JsonSchema, version: 'v2' | 'v3'): JsonObject {
  const published = publishedSchema(schema, version);
  if (schema['x-kubernetes-preserve-unknown-fields'] && schema.properties === undefined)
    return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...gvkOf(resource) };
  const properties = {
    ...(published.properties as JsonObject | undefined),
    ...typeMetaSchemas(version),
    metadata: metadataSchema('ObjectMeta', 'Standard metadata of every object.', version),
  };
  return { ...published, properties: sorted(properties), ...gvkOf(resource) };
}

function listSchema(resource: ResourceVersion, version: 'v2' | 'v3'): JsonObject {
  const items = reference(resource.schema.type.name, version);
  return {
    description: `${resource.listKind} is a list of ${resource.kind}`,
    type: 'object',
    required: ['items'],
    properties: sorted({
      ...typeMetaSchemas(version),
      items: { description: `List of ${resource.resource.resource}.`, type: 'array', items: items },
      metadata: metadataSchema('ListMeta', 'Standard metadata of every list.', version),
    }),
    ...gvkOf(resource, 'List'),
  };
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What v2 cannot say; a nullable value would be refused by those who validate by it. */
const NOT_IN_V2: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not', 'nullable', 'default']);

function publishedSchema(schema: JsonSchema, version: 'v2' | 'v3'): JsonObject {
  const members = schema as unknown as JsonObject;
  const loose = version === 'v2' && (schema.nullable === true || schema['x-kubernetes-preserve-unknown-fields'] === true);
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(members)) {
    if (version === 'v2' && NOT_IN_V2.has(name)) continue;
    if (loose && (name === 'type' || name === 'properties' || name === 'items') && schema.nullable) continue;
    result[name] = publishedMember(name, value, version);
  }
  return result;
}

function publishedMember(name: string, value: Json, version: 'v2' | 'v3'): Json {
  const one = (schema: Json): Json =>
    typeof schema === 'object' && schema !== null && !Array.isArray(schema)
      ? publishedSchema(schema as unknown as JsonSchema, version)
      : schema;
  if (name === 'properties') return Object.fromEntries(Object.entries(value as JsonObject).map(([key, schema]) => [key, one(schema)]));
  if (name === 'items' || name === 'additionalProperties' || name === 'not') return one(value);
  if (name === 'allOf' || name === 'anyOf' || name === 'oneOf') return (value as Json[]).map(one);
  return value;
}
