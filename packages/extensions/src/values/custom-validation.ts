import type { FieldError, Json, KubeObject } from '@keelson/machinery';
import { compileValidator, type JsonSchema } from '@keelson/schema';
import { validateEmbeddedObjects } from './validate-embedded-objects.js';
import { validateUniqueItems } from './validate-unique-items.js';

/** Judges objects of one version. `old`: what an update replaces. */
export type CustomValidation = (object: KubeObject, old: KubeObject | undefined) => FieldError[];

/** What a definition's schema demands of objects. */
export function customValidation(apiVersion: string, kind: string, schema: JsonSchema, more: CustomValidation): CustomValidation {
  const validateValue = compileValidator(schema);
  return (object, old) => {
    const value = { apiVersion, kind, ...object } as unknown as Json;
    return [
      ...validateValue(value),
      ...more(object, old),
      ...validateEmbeddedObjects(value, schema),
      ...(old !== undefined && validateUniqueItems(old as unknown as Json, schema).length > 0 ? [] : validateUniqueItems(value, schema)),
    ];
  };
}
