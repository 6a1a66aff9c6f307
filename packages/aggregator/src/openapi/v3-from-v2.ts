import type { Json, JsonObject } from '@keelson/machinery';
import type { ForeignV2 } from '@keelson/server';

const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

/** A v3 document that says what a v2 document does, for servers that have no other. */
export function v3FromV2({ paths, definitions, parameters }: ForeignV2, info: Json): JsonObject {
  const convert = (item: Json) => pathItem(item as JsonObject, parameters);
  return {
    openapi: '3.0.0',
    info,
    paths: mapValues(paths, convert),
    components: { schemas: mapValues(definitions, rewritten) },
  };
}

function mapValues(object: JsonObject, map: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** Schemas are elsewhere. */
function rewritten(value: Json): Json {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => {
    if (key === '$ref' && typeof member === 'string') return [key, member.replace(/^#\/definitions\//, '#/components/schemas/')];
    return [key, rewritten(member)];
  });
  return Object.fromEntries(entries);
}

function pathItem(item: JsonObject, shared: JsonObject): JsonObject {
  const entries = Object.entries(item).map(([key, value]): [string, Json] => {
    if (METHODS.has(key)) return [key, operation(value as JsonObject, shared)];
    return [key, key === 'parameters' ? parametersOf(value, shared).map(parameter) : value];
  });
  return Object.fromEntries(entries);
}

function operation({ consumes, produces, schemes: _, parameters, responses = {}, ...rest }: JsonObject, shared: JsonObject): JsonObject {
  const all = parametersOf(parameters, shared);
  const body = all.find((one) => one.in === 'body');
  const others = all.filter((one) => one !== body);
  return {
    ...rest,
    ...(others.length > 0 && { parameters: others.map(parameter) }),
    ...(body && { requestBody: { content: content(consumes, body.schema), ...(body.required === true && { required: true }) } }),
    responses: mapValues(responses as JsonObject, (response) => answer(response as JsonObject, produces)),
  };
}

function parametersOf(parameters: Json | undefined, shared: JsonObject): JsonObject[] {
  return ((parameters ?? []) as JsonObject[]).map((one) => {
    const name = typeof one.$ref === 'string' ? one.$ref.replace(/^#\/parameters\//, '') : undefined;
    return (name === undefined ? one : (shared[name] ?? one)) as JsonObject;
  });
}

/** What v2 says of a parameter itself, v3 says of its schema. */
function parameter({ name, in: place, description, required, ...schema }: JsonObject): JsonObject {
  return {
    ...(name !== undefined && { name }),
    ...(place !== undefined && { in: place }),
    ...(description !== undefined && { description }),
    ...(required !== undefined && { required }),
    schema: rewritten(schema) as JsonObject,
  };
}

function answer({ schema, ...rest }: JsonObject, produces: Json | undefined): JsonObject {
  return { ...rest, ...(schema !== undefined && { content: content(produces, schema) }) };
}

function content(media: Json | undefined, schema: Json | undefined): JsonObject {
  const types = Array.isArray(media) && media.length > 0 ? media : ['application/json'];
  return Object.fromEntries(types.map((type) => [String(type), { ...(schema !== undefined && { schema: rewritten(schema) }) }]));
}
