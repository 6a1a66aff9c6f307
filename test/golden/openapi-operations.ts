import { isObject, type JsonObject, type JsonValue, mapObject, pickKeys } from './json-value.js';
import { recordedJson } from './request-body.js';

/** OpenAPI paths in short: what identifies an operation, without descriptions and parameter schemas. */
export function operationsInShort(paths: JsonValue): JsonValue {
  if (!isObject(paths)) return paths;
  return mapObject(paths, (path) => (isObject(path) ? mapObject(path, shortMember) : path));
}

function shortMember(member: JsonValue, key: string): JsonValue {
  if (key === 'parameters') return asList(member).map(sharedParameter).sort();
  return isObject(member) ? shortOperation(member) : member;
}

function shortOperation(operation: JsonObject): JsonValue {
  const { requestBody, parameters } = operation;
  return {
    ...pickKeys(operation, (key) => key.startsWith('x-') || keptAsIs.has(key)),
    parameters: asList(parameters ?? [])
      .map(parameterName)
      .sort(),
    responses: mapObject(asObject(operation.responses), responseSchema),
    ...(requestBody !== undefined && { requestBody: Object.keys(asObject(asObject(requestBody).content)).sort() }),
  };
}

const keptAsIs: ReadonlySet<string> = new Set(['operationId', 'tags', 'consumes', 'produces']);

function sharedParameter(parameter: JsonValue): string {
  return recordedJson(sorted(pickKeys(asObject(parameter), (key) => key === 'in' || key === 'name' || key === '$ref')));
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parameterName(parameter: JsonValue): string {
  const { name, $ref } = asObject(parameter);
  return String(name ?? $ref);
}

/** The schema a response refers to: one in OpenAPI v2, one for each content type in v3. */
function responseSchema(response: JsonValue): JsonValue {
  const { content, schema } = asObject(response);
  if (isObject(content)) return mapObject(content, (media) => reference(asObject(media).schema));
  return reference(schema);
}

function reference(schema: JsonValue | undefined): JsonValue {
  return isObject(schema) ? (schema.$ref ?? null) : null;
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function asList(value: JsonValue): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
