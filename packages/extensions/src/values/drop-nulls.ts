import type { Json, JsonObject } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from '@keelson/schema';

/** Removes, in place, members that are null where a schema knows of no null and has no default to put there: nothing was meant by them. */
export function dropNulls(value: Json, schema: JsonSchema | undefined): void {
  if (schema === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (const item of value) dropNulls(item, itemsOf(schema));
  else for (const name of Object.keys(value)) dropIn(value, name, propertyOf(schema, name) ?? additionalOf(schema));
}

function dropIn(object: JsonObject, name: string, schema: JsonSchema | undefined): void {
  const value = object[name] as Json;
  if (value === null && schema !== undefined && !schema.nullable && (schema.default ?? null) === null) delete object[name];
  else dropNulls(value, schema);
}
