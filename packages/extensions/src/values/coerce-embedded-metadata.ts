import type { Json, JsonObject, ObjectMeta } from '@keelson/machinery';
import { type FieldPath, invalidField, path } from '@keelson/machinery';
import { additionalOf, codecOf, DecodeError, itemsOf, type JsonSchema, type StrictSink } from '@keelson/schema';

const EMBEDDED = 'x-kubernetes-embedded-resource';

/** Whether there are objects inside of what a schema describes. */
export function holdsObjects(schema: JsonSchema): boolean {
  if (schema[EMBEDDED]) return true;
  return [...Object.values(schema.properties ?? {}), itemsOf(schema), additionalOf(schema)].some(
    (part) => part !== undefined && holdsObjects(part),
  );
}

export interface CoerceOptions {
  /** Is told of what nobody knows in metadata. */
  readonly strict?: StrictSink | undefined;
  /** Refuses what is no metadata, and what says in no words what it is: throws `DecodeError`. Where absent, it is left out. */
  readonly refuse?: boolean;
}

/** Makes metadata of objects inside of an object what metadata is, in place: without what nobody knows there. */
export function coerceEmbeddedMetadata(value: Json, schema: JsonSchema, { strict, refuse = false }: CoerceOptions = {}): void {
  const unknown: string[] = [];
  new Coercion((problem) => unknown.push(problem), refuse).coerce(value, schema, undefined);
  for (const problem of unknown.sort()) strict?.add(problem);
}

const metadataCodec = codecOf<ObjectMeta>('meta.v1.ObjectMeta');

class Coercion {
  readonly #onUnknown: (problem: string) => void;
  readonly #refuse: boolean;

  constructor(onUnknown: (problem: string) => void, refuse: boolean) {
    this.#onUnknown = onUnknown;
    this.#refuse = refuse;
  }

  coerce(value: Json, schema: JsonSchema | undefined, at: FieldPath | undefined): void {
    if (schema === undefined || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) for (const [i, item] of value.entries()) this.coerce(item, itemsOf(schema), at?.index(i));
    else this.#object(value, schema, at);
  }

  #object(object: JsonObject, schema: JsonSchema, at: FieldPath | undefined): void {
    if (schema[EMBEDDED]) this.#embedded(object, (name) => at?.child(name) ?? path(name));
    for (const [name, value] of Object.entries(object)) {
      const property = schema.properties?.[name];
      if (property !== undefined) this.coerce(value as Json, property, at?.child(name) ?? path(name));
      else this.coerce(value as Json, additionalOf(schema), at?.key(name) ?? path(name));
    }
  }

  #embedded(object: JsonObject, at: (name: string) => FieldPath): void {
    for (const name of ['apiVersion', 'kind'])
      if (object[name] !== undefined && typeof object[name] !== 'string') {
        if (this.#refuse) throw refused(at(name), object[name], 'must be a string');
        delete object[name];
      }
    if (object.metadata === undefined) return;
    const metadata = this.#metadata(object.metadata, at('metadata'));
    if (metadata === undefined) delete object.metadata;
    else object.metadata = metadata;
  }

  #metadata(value: Json, at: FieldPath): JsonObject | undefined {
    const add = (problem: string) => this.#onUnknown(problem.replace('unknown field "', `unknown field "${at}.`));
    const metadata = readMetadata(value, { add });
    if (!(metadata instanceof DecodeError)) return metadata;
    if (this.#refuse) throw refused(at, value, metadata.message);
    return isObject(value) ? readableParts(value) : undefined;
  }
}

function readMetadata(value: Json, strict?: StrictSink): JsonObject | DecodeError {
  try {
    const metadata = metadataCodec.fromJson(value ?? {}, strict);
    if (metadata.creationTimestamp === null) delete metadata.creationTimestamp;
    return metadata as unknown as JsonObject;
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
}

/** Metadata as far as it can be read as such. */
export function readableMetadata(value: Json | undefined): ObjectMeta {
  const metadata = readMetadata(value ?? {});
  if (!(metadata instanceof DecodeError)) return metadata as ObjectMeta;
  return (isObject(value) ? readableParts(value) : {}) as ObjectMeta;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Metadata without the members that are none. */
function readableParts(value: JsonObject): JsonObject {
  const parts = Object.entries(value).map(([name, one]) => readMetadata({ [name]: one as Json }));
  return Object.assign({}, ...parts.filter((part) => !(part instanceof DecodeError)));
}

function refused(at: FieldPath, value: Json, why: string): DecodeError {
  return new DecodeError(invalidField(at, value, why).toString());
}
