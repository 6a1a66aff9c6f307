import type { JsonObject } from '@keelson/machinery';
import type { OpenApiSource } from './openapi-source.js';

/** The same without saying which values fields may have: as it was before v1.24. */
export function withoutEnums(source: OpenApiSource): OpenApiSource {
  return {
    key: source.key,
    paths: () => source.paths(),
    *definitions(version) {
      for (const [name, schema] of source.definitions(version)) yield [name, bare(schema)];
    },
  };
}

function bare({ properties, ...schema }: JsonObject): JsonObject {
  if (properties === undefined) return schema;
  const fields = Object.entries(properties as Readonly<Record<string, JsonObject>>);
  return { ...schema, properties: Object.fromEntries(fields.map(([name, field]) => [name, bareField(field)])) };
}

function bareField({ enum: _, items, ...field }: JsonObject): JsonObject {
  return items === undefined ? field : { ...field, items: bareField(items as JsonObject) };
}
