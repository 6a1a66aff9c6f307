import type { Json, JsonObject } from '@keelson/machinery';
import type { JsonSchema } from '@keelson/schema';

export type OpenApiVersion = 'v2' | 'v3';

/** Members that say nothing about the structure. */
const NOT_STRUCTURAL: ReadonlySet<string> = new Set(['id', '$schema', '$ref', 'definitions', 'example', 'externalDocs']);

/** What v2 cannot say; defaults are left out as for built-in kinds. */
const NOT_IN_V2: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'nullable', 'default']);

const EITHER_TYPE = [{ type: 'integer' }, { type: 'string' }];

/** The properties that embedded objects have whatever their schema says. */
export type ObjectProperties = Readonly<Record<'apiVersion' | 'kind' | 'metadata', JsonObject>>;

/**
 * A schema as OpenAPI documents show it. In v2, which kubectl validates by, it says no more than kubectl can follow: that
 * takes what has properties for closed, and cannot do with null, nor with lists of anything.
 */
export function publishedSchema(schema: JsonSchema, version: OpenApiVersion, ofObjects: ObjectProperties): JsonObject {
  const members = Object.entries(version === 'v2' ? forOldClients(schema) : withEitherType(schema)) as [string, Json][];
  const shown = members.filter(([name]) => !NOT_STRUCTURAL.has(name) && !(version === 'v2' && NOT_IN_V2.has(name)));
  const one = (part: Json) => (isSchema(part) ? publishedSchema(part as unknown as JsonSchema, version, ofObjects) : part);
  const result = Object.fromEntries(shown.map(([name, value]) => [name, publishedMember(name, value, one)]));
  const isOpen = version === 'v2' && schema['x-kubernetes-preserve-unknown-fields'] === true;
  return schema['x-kubernetes-embedded-resource'] && !isOpen ? asObject(result, ofObjects) : result;
}

function publishedMember(name: string, value: Json, one: (schema: Json) => Json): Json {
  if (name === 'properties') return Object.fromEntries(Object.entries(value as JsonObject).map(([key, schema]) => [key, one(schema)]));
  if (name === 'items' || name === 'additionalProperties') return one(value);
  return value;
}

function isSchema(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function forOldClients(schema: JsonSchema): JsonSchema {
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (!schema.nullable && !keepsUnknown)
    return withRequired(
      schema,
      schema.required?.filter((name) => !schema.properties?.[name]?.nullable),
    );
  const { items: _items, properties: _properties, type, ...rest } = schema;
  const isTyped = type && !schema.nullable && type !== 'object' && type !== 'array';
  return withRequired({ ...rest, ...(isTyped && { type }) }, rest.required);
}

function withRequired({ required: _required, ...schema }: JsonSchema, required: readonly string[] | undefined): JsonSchema {
  const { additionalProperties } = schema;
  const holdsNull = typeof additionalProperties === 'object' && additionalProperties.nullable;
  return { ...schema, ...(required?.length && !holdsNull && { required: [...required] }) };
}

/** `x-kubernetes-int-or-string` in words that others know as well. */
function withEitherType(schema: JsonSchema): JsonSchema {
  if (!schema['x-kubernetes-int-or-string'] || isEitherType(schema.anyOf) || isEitherType(schema.allOf?.[0]?.anyOf)) return schema;
  if (schema.anyOf === undefined) return { ...schema, anyOf: EITHER_TYPE };
  return { ...schema, allOf: [{ anyOf: EITHER_TYPE }, ...(schema.allOf ?? [])] };
}

function isEitherType(schemas: readonly JsonSchema[] | undefined): boolean {
  return JSON.stringify(schemas) === JSON.stringify(EITHER_TYPE);
}

function asObject(schema: JsonObject, ofObjects: ObjectProperties): JsonObject {
  const required = (schema.required ?? []) as string[];
  return {
    ...schema,
    properties: { ...(schema.properties as JsonObject | undefined), ...ofObjects },
    required: [...required, ...['kind', 'apiVersion'].filter((name) => !required.includes(name))],
  };
}
