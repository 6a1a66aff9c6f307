import { type JsonObject, TimeSlice } from '@keelson/machinery';
import type { OpenApiSource } from './openapi-source.js';
import type { OperationPath } from './operation.js';
import { pathItemV2, wholeBody, wholeParameter } from './path-item-v2.js';
import { pathItemV3 } from './path-item-v3.js';

/** What documents are about. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
}

const bearerToken: JsonObject = { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' };

/** The OpenAPI v3 document of one source. */
export async function documentV3(source: OpenApiSource, info: OpenApiInfo): Promise<JsonObject> {
  const slice = new TimeSlice();
  const paths: [string, JsonObject][] = [];
  const schemas: [string, JsonObject][] = [];
  for (const path of source.paths()) {
    paths.push([path.path, pathItemV3(path)]);
    if (slice.spent()) await slice.next();
  }
  for (const [name, schema] of source.definitions('v3')) {
    schemas.push([name, schema]);
    if (slice.spent()) await slice.next();
  }
  return {
    openapi: '3.0.0',
    info: { ...info },
    paths: byName(paths),
    components: { schemas: byName(schemas), securitySchemes: { BearerToken: bearerToken } },
  };
}

/** The OpenAPI v2 document of all sources. */
export async function documentV2(sources: readonly OpenApiSource[], info: OpenApiInfo): Promise<JsonObject> {
  const slice = new TimeSlice();
  const paths: [string, JsonObject][] = [];
  const definitions = new Map<string, JsonObject>();
  const parameters = new Map<string, JsonObject>();
  for (const source of sources) {
    for (const path of source.paths()) {
      paths.push([path.path, pathItemV2(path)]);
      addShared(path, parameters);
      if (slice.spent()) await slice.next();
    }
    for (const [name, schema] of source.definitions('v2')) {
      definitions.set(name, schema);
      if (slice.spent()) await slice.next();
    }
  }
  return {
    swagger: '2.0',
    info: { ...info },
    paths: byName(paths),
    definitions: byName([...definitions]),
    parameters: byName([...parameters]),
    securityDefinitions: { BearerToken: bearerToken },
    security: [{ BearerToken: [] }],
  };
}

/** What the operations of a path refer to among the shared parameters. */
function addShared({ operations }: OperationPath, into: Map<string, JsonObject>): void {
  for (const { parameters, body } of operations) {
    for (const parameter of parameters) if (parameter.shared !== undefined) into.set(parameter.shared, wholeParameter(parameter));
    if (body?.shared !== undefined) into.set(body.shared, wholeBody(body));
  }
}

function byName(entries: readonly (readonly [string, JsonObject])[]): JsonObject {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
