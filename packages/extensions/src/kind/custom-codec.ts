import type { GroupVersionKind, Json, JsonObject, KubeObject, ObjectMeta } from '@keelson/machinery';
import { formatGroupVersion, formatJson } from '@keelson/machinery';
import { type Codec, codecOf, DecodeError, type JsonSchema, parseJson, prune, type StrictSink, sortedJson } from '@keelson/schema';
import { type CoerceOptions, coerceEmbeddedMetadata, holdsObjects, readableMetadata } from '../values/coerce-embedded-metadata.js';
import { dropNulls } from '../values/drop-nulls.js';

/** metadata.resourceVersion aside, all of an object that is not metadata. */
const REST = 2;
const LENGTH_DELIMITED = 2;

const metadataCodec = codecOf<ObjectMeta>('meta.v1.ObjectMeta');

/**
 * Moves custom resources between their forms. Their messages never leave the server: metadata as field 1, as every kind
 * has it, so that it can be read and stamped like that of built-in kinds, and all else as JSON.
 */
export class CustomCodec implements Codec<KubeObject> {
  readonly #typeMeta: { readonly apiVersion: string; readonly kind: string };
  readonly #schema: JsonSchema;
  #holdsObjects: boolean | undefined;

  constructor(kind: GroupVersionKind, schema: JsonSchema) {
    this.#typeMeta = { apiVersion: formatGroupVersion(kind), kind: kind.kind };
    this.#schema = schema;
  }

  /** A copy without what the schema does not know, members in the order of their names. */
  fromJson(value: Json, strict?: StrictSink): KubeObject {
    return this.#read(value, { strict });
  }

  /** What is in embedded objects has to be what it says it is. */
  fromSent(value: Json, strict?: StrictSink): KubeObject {
    return this.#read(value, { strict, refuse: true });
  }

  /** What is in the store may be older than what metadata has to be: what is none of it is left out. */
  fromStored(value: Json): KubeObject {
    return this.#read(value, { lenient: true });
  }

  /** Applied nulls stay: they are refused where the schema knows of none. */
  fromApplied(value: Json): KubeObject {
    const { metadata, rest } = parts(value, (given) => readMetadata(given, undefined));
    return { metadata, ...rest };
  }

  #read(value: Json, options: CoerceOptions & { readonly lenient?: boolean }): KubeObject {
    const { strict, lenient = false } = options;
    const { metadata, rest } = parts(value, lenient ? readableMetadata : (given) => readMetadata(given, strict));
    const onPruned = strict && ((path: string) => strict.add(`unknown field "${path}"`));
    prune(rest, this.#schema, true, onPruned);
    dropNulls(rest, this.#schema);
    this.#holdsObjects ??= holdsObjects(this.#schema);
    if (this.#holdsObjects) coerceEmbeddedMetadata(rest, this.#schema, options);
    return { metadata, ...rest };
  }

  encode({ metadata, ...rest }: KubeObject): Uint8Array {
    const { apiVersion: _apiVersion, kind: _kind, ...members } = rest;
    return Buffer.concat([field(1, metadataCodec.encode(metadata)), field(REST, Buffer.from(formatJson(members)))]);
  }

  decode(message: Uint8Array): KubeObject {
    const fields = readFields(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
    const metadata = withoutNulls(metadataCodec.decode(fields.get(1) ?? Buffer.alloc(0)));
    return { metadata, ...(parseJson((fields.get(REST) ?? Buffer.from('{}')).toString()) as JsonObject) };
  }

  toJson(message: Uint8Array, resourceVersion?: string): Buffer {
    return Buffer.from(formatJson(stamped(this.decode(message), resourceVersion)));
  }

  /** What it is stands where its name puts it, not at the head. */
  toDocument(message: Uint8Array, _head: Buffer, resourceVersion?: string): Buffer {
    return this.print(stamped(this.decode(message), resourceVersion));
  }

  /** The document of an object, with a newline at its end. */
  print(object: KubeObject): Buffer {
    return Buffer.from(`${formatJson(sortedJson({ ...object, ...this.#typeMeta } as unknown as JsonObject))}\n`);
  }
}

function stamped(object: KubeObject, resourceVersion: string | undefined): KubeObject {
  return resourceVersion === undefined ? object : { ...object, metadata: { ...object.metadata, resourceVersion } };
}

/** A copy in two parts, members in the order of their names. */
function parts(
  value: Json,
  readMetadata: (given: Json | undefined) => ObjectMeta,
): { readonly metadata: ObjectMeta; readonly rest: JsonObject } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new DecodeError('json: the object is no JSON object');
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...members } = value;
  return { metadata: sortedJson(readMetadata(metadata) as JsonObject) as ObjectMeta, rest: sortedJson(members) };
}

/** Metadata is that of every object, and read as such. */
function readMetadata(given: Json | undefined, strict: StrictSink | undefined): ObjectMeta {
  const add = (problem: string) => strict?.add(problem.replace(/^unknown field "/, 'unknown field "metadata.'));
  return withoutNulls(metadataCodec.fromJson(given ?? {}, strict && { add }));
}

/** Custom resources leave out what built-in kinds print as null. */
function withoutNulls(metadata: ObjectMeta): ObjectMeta {
  if (metadata.creationTimestamp === null) delete metadata.creationTimestamp;
  return metadata;
}

function field(number: number, body: Uint8Array): Buffer {
  const head: number[] = [(number << 3) | LENGTH_DELIMITED];
  let rest = body.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) head.push((rest % 0x80) | 0x80);
  return Buffer.concat([Buffer.from([...head, rest]), body]);
}

/** Later fields of a number replace earlier ones. */
function readFields(message: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at < message.length; ) {
    const number = (message[at++] ?? 0) >> 3;
    let length = 0;
    for (let unit = 1; ; unit *= 0x80) {
      const byte = message[at++] ?? 0;
      length += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
    }
    fields.set(number, message.subarray(at, at + length));
    at += length;
  }
  return fields;
}
