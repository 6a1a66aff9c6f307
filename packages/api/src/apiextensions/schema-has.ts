import { additionalOf, itemsOf, type JsonSchema } from '@keelson/schema';

/** Whether a schema, or any that it is made of, is like that. */
export function schemaHas(schema: JsonSchema, is: (schema: JsonSchema) => boolean): boolean {
  return is(schema) || partsOf(schema).some((part) => schemaHas(part, is));
}

function partsOf(schema: JsonSchema): JsonSchema[] {
  const named = [schema.properties, schema.patternProperties, schema.definitions].flatMap((parts) => Object.values(parts ?? {}));
  const listed = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((parts) => parts ?? []);
  return [...named, ...listed, schema.not, itemsOf(schema), additionalOf(schema)].filter((part) => part !== undefined);
}
