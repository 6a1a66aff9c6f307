import type { CustomKind } from '@keelson/extensions';
import { formatGroupVersion, invalid, type Json, type JsonObject, type KubeObject } from '@keelson/machinery';
import { compileValidator, type JsonSchema } from '@keelson/schema';

/** What makes a schema a form: of which types values are, and what must be there. */
const FORM: ReadonlySet<string> = new Set([
  'type',
  'nullable',
  'required',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
]);

/**
 * Refuses, by throwing, objects that are not of a kind's form: functions of an author see only what they were written for.
 * Bounds and rules are for validation to judge, which forgives what an update leaves as it was.
 */
export function formCheck(kind: CustomKind): (object: KubeObject) => void {
  const typeMeta = { apiVersion: formatGroupVersion(kind), kind: kind.kind };
  let validator: ReturnType<typeof compileValidator> | undefined;
  return (object) => {
    validator ??= compileValidator(formOf(kind.schema));
    const errors = validator({ ...object, ...typeMeta } as unknown as Json);
    if (errors.length > 0) throw invalid(kind, object.metadata.name ?? '', errors);
  };
}

function formOf(schema: JsonSchema): JsonSchema {
  const form: JsonObject = {};
  for (const [member, value] of Object.entries(schema)) {
    if (FORM.has(member)) form[member] = value as Json;
    else if (member === 'properties') form[member] = mapped(value as Record<string, JsonSchema>);
    else if (member === 'items' || member === 'additionalProperties')
      form[member] = typeof value === 'object' ? (formOf(value as JsonSchema) as unknown as Json) : (value as Json);
  }
  return form as unknown as JsonSchema;
}

function mapped(properties: Record<string, JsonSchema>): JsonObject {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, formOf(schema) as unknown as Json]));
}
