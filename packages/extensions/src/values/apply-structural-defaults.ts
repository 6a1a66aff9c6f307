import type { Json, JsonObject } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema } from '@keelson/schema';

/** Fills in, in place, what a schema has defaults for. A null where none may be counts as absent when there is a default. */
export function applyStructuralDefaults(value: Json, schema: JsonSchema): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items !== undefined) for (const item of value) applyStructuralDefaults(item, items);
  } else if (typeof value === 'object' && value !== null) {
    defaultMembers(value, schema);
  }
}

function defaultMembers(object: JsonObject, schema: JsonSchema): void {
  const properties = schema.properties ?? {};
  for (const name of Object.keys(properties)) {
    const property = properties[name] as JsonSchema;
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    const isAbsent = value === undefined || (value === null && !property.nullable);
    if (property.default !== undefined && isAbsent) object[name] = structuredClone(property.default) as Json;
    const present = Object.hasOwn(object, name) ? object[name] : undefined;
    if (present !== undefined) applyStructuralDefaults(present, property);
  }
  const additional = additionalOf(schema);
  if (additional === undefined) return;
  for (const name of Object.keys(object)) {
    if (Object.hasOwn(properties, name)) continue;
    if (object[name] === null && !additional.nullable && additional.default !== undefined)
      object[name] = structuredClone(additional.default);
    applyStructuralDefaults(object[name] as Json, additional);
  }
}

/** Whether a schema has defaults anywhere: most have none, and then values need not be walked through. */
export function hasDefaults(schema: JsonSchema): boolean {
  const parts = [...Object.values(schema.properties ?? {}), itemsOf(schema), additionalOf(schema)];
  return schema.default !== undefined || parts.some((part) => part !== undefined && hasDefaults(part));
}
