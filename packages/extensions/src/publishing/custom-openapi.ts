import { formatGroupVersion, type GroupVersionKind, type JsonObject } from '@keelson/machinery';
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
import { type ObjectProperties, type OpenApiVersion, publishedSchema } from './published-schema.js';

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
  version: OpenApiVersion,
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

function reference(definition: string, version: OpenApiVersion): JsonObject {
  return version === 'v2' ? { $ref: `#/definitions/${definition}` } : { $ref: `#/components/schemas/${definition}` };
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

function metadataSchema(name: string, description: string, version: OpenApiVersion): JsonObject {
  const to = reference(`${META}.${name}`, version);
  return version === 'v2' ? { description, ...to } : { description, allOf: [to] };
}

function gvkOf({ group, version, kind }: GroupVersionKind, suffix = ''): JsonObject {
  return { 'x-kubernetes-group-version-kind': [{ group, kind: `${kind}${suffix}`, version }] };
}

function typeMetaSchemas(version: OpenApiVersion): Pick<ObjectProperties, 'apiVersion' | 'kind'> {
  const { apiVersion, kind } = (definitionSchema(messageTable('core.v1.Pod'), version).properties ?? {}) as JsonObject;
  return { apiVersion: apiVersion as JsonObject, kind: kind as JsonObject };
}

function objectSchema(resource: ResourceVersion | CustomKind, schema: JsonSchema, version: OpenApiVersion): JsonObject {
  const own = propertiesOfObjects(version);
  // kubectl takes what has properties for closed.
  if (version === 'v2' && schema['x-kubernetes-preserve-unknown-fields']) return { type: 'object', ...extensionsOf(resource) };
  const published = publishedSchema(schema, version, own);
  return { ...published, properties: sorted({ ...(published.properties as JsonObject | undefined), ...own }), ...extensionsOf(resource) };
}

function propertiesOfObjects(version: OpenApiVersion): ObjectProperties {
  return { ...typeMetaSchemas(version), metadata: metadataSchema('ObjectMeta', "Standard object's metadata.", version) };
}

function extensionsOf(resource: ResourceVersion | CustomKind, suffix = ''): JsonObject {
  const fields = 'resource' in resource ? Object.keys(resource.resource.definition.selectableFields ?? {}) : [];
  return {
    ...gvkOf(resource, suffix),
    ...(fields.length > 0 && { 'x-kubernetes-selectable-fields': fields.map((fieldPath) => ({ fieldPath })) }),
  };
}

function listSchema(resource: ResourceVersion, version: OpenApiVersion): JsonObject {
  const items = reference(resource.schema.type.name, version);
  return {
    description: `${resource.listKind} is a list of ${resource.kind}`,
    type: 'object',
    required: ['items'],
    properties: sorted({
      ...typeMetaSchemas(version),
      items: { description: `List of ${resource.resource.resource}.`, type: 'array', items: items },
      metadata: metadataSchema('ListMeta', 'Standard list metadata.', version),
    }),
    ...extensionsOf(resource, 'List'),
  };
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
