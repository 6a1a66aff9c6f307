import type { apiextensions } from '../gen/index.js';

/** A schema of custom resources, or of a part of one. */
export type JsonSchema = apiextensions.v1.JSONSchemaProps;

/** The one schema of all items; undefined where there is none, or one for each position, which no structural schema has. An empty list of these is stored as null. */
export function itemsOf({ items }: JsonSchema): JsonSchema | undefined {
  return Array.isArray(items) ? undefined : (items ?? undefined);
}

/** The schema of properties that are not named. */
export function additionalOf({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** A named property's schema. Names of prototypes are names like any other. */
export function propertyOf({ properties }: JsonSchema, name: string): JsonSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** How many a limit allows. It may be a bigint, and is near enough as a number. */
export function mostOf(limit: number): number {
  return Math.max(Number(limit), 0);
}
