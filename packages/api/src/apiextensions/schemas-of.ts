import type { apiextensions, JsonSchema } from '@keelson/schema';

/** The schemas of all versions that have one. */
export function schemasOf({ versions }: apiextensions.v1.CustomResourceDefinitionSpec): JsonSchema[] {
  return (versions ?? []).flatMap(({ schema }) => schema?.openAPIV3Schema ?? []);
}
