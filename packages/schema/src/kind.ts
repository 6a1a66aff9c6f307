import type { GroupVersionKind, Json, KubeObject } from '@keelson/machinery';
import type { TypeSchema } from './schema.js';

/** Receives what strict decoding finds; texts are Kubernetes' own: `unknown field "spec.foo"`, `duplicate field "spec.bar"`. */
export interface StrictSink {
  add(problem: string): void;
}

/** A part of an object that few of its readers look at, and most of the work of reading it. */
export type Omission = 'managedFields';

/**
 * Moves one message type between its three forms: parsed JSON, the canonical in-memory object, protobuf bytes.
 * All functions are compiled from the schema on first use.
 *
 * Canonical object: exactly what Kubernetes would print, in its field order. Unknown fields are gone, quantities and
 * times are in canonical text, zero values are present or absent by the presence rules. TypeMeta is not part of it.
 */
export interface Codec<T> {
  /** Canonical object from parsed JSON. Ill-typed values throw `DecodeError` with Go's text; unknown fields go to `strict`. */
  fromJson(value: Json, strict?: StrictSink): T;
  /** The same of what a client sends, where more is refused of that than of what is stored. */
  fromSent?(value: Json, strict?: StrictSink): T;
  /** The same of what apply has made, which has been held to the type: where absent, that is read like all else. */
  fromApplied?(value: Json): T;
  /** Message bytes, without the `k8s\0` envelope. Accepts any object of the JSON shape, canonical or not. */
  encode(object: T): Uint8Array;
  /** Canonical object from message bytes. `omission`: may be missing, where reading it would be costly. */
  decode(message: Uint8Array, omission?: Omission): T;
  /**
   * JSON text of the canonical object straight from message bytes, starting with `{"metadata":` (no TypeMeta).
   * `resourceVersion`, when given, replaces `metadata.resourceVersion`.
   */
  toJson(message: Uint8Array, resourceVersion?: string): Buffer;
  /** The same as a document of its own: `head` in place of the opening brace, a newline at its end. Of messages that print something. */
  toDocument(message: Uint8Array, head: Buffer, resourceVersion?: string): Buffer;
}

/**
 * A kind of one group-version: the value that resources are defined from. `T` is its generated type; a few kinds
 * (AdmissionReview, DeleteOptions) are no KubeObject, having no metadata.
 */
export interface KindSchema<T extends object = KubeObject> extends GroupVersionKind {
  readonly type: TypeSchema;
  readonly codec: Codec<T>;
  /**
   * Custom resources: objects are no messages, but JSON that is kept as it is sent. They show what they are among their
   * other members, also as items of lists, and cannot be had as protobuf.
   */
  readonly custom?: true;
}

/** A request body that cannot be read as the kind it should be. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
