import type { Json, JsonObject, ObjectMeta } from '@keelson/machinery';
import { type FieldPath, path } from '@keelson/machinery';
import { additionalOf, DecodeError, itemsOf, type JsonSchema, meta, type StrictSink } from '@keelson/schema';

const EMBEDDED = 'x-kubernetes-embedded-resource';

/** Whether there are objects inside of what a schema describes. */
export function holdsObjects(schema: JsonSchema): boolean {
  if (schema[EMBEDDED]) return true;
  return [...Object.values(schema.properties ?? {}), itemsOf(schema), additionalOf(schema)].some(
    (part) => part !== undefined && holdsObjects(part),
  );
}

/**
 * Makes metadata of objects inside of an object what metadata is, in place: without what nobody knows there, which `strict` is told of. What
 * cannot be read as metadata stays, and is for the validation to refuse.
 */
export function coerceEmbeddedMetadata(value: Json, schema: JsonSchema, strict?: StrictSink): void {
  const unknown: string[] = [];
  new Coercion((problem) => unknown.push(problem)).coerce(value, schema, undefined);
  for (const problem of unknown.sort()) strict?.add(problem);
}

class Coercion {
  readonly #onUnknown: (problem: string) => void;

  constructor(onUnknown: (problem: string) => void) {
    this.#onUnknown = onUnknown;
  }

  coerce(value: Json, schema: JsonSchema | undefined, at: FieldPath | undefined): void {
    if (schema === undefined || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) for (const [i, item] of value.entries()) this.coerce(item, itemsOf(schema), at?.index(i));
    else this.#object(value, schema, at);
  }

  #object(object: JsonObject, schema: JsonSchema, at: FieldPath | undefined): void {
    if (schema[EMBEDDED] && object.metadata !== undefined) this.#metadata(object, at?.child('metadata') ?? path('metadata'));
    for (const [name, value] of Object.entries(object)) {
      const property = schema.properties?.[name];
      if (property !== undefined) this.coerce(value as Json, property, at?.child(name) ?? path(name));
      else this.coerce(value as Json, additionalOf(schema), at?.key(name) ?? path(name));
    }
  }

  #metadata(object: JsonObject, at: FieldPath): void {
    const add = (problem: string) => this.#onUnknown(problem.replace('unknown field "metadata', `unknown field "${at}`));
    try {
      const { metadata } = meta.v1.PartialObjectMetadata.codec.fromJson({ metadata: object.metadata as Json }, { add });
      if (metadata.creationTimestamp === null) delete metadata.creationTimestamp;
      object.metadata = metadata satisfies ObjectMeta as unknown as JsonObject;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
}
