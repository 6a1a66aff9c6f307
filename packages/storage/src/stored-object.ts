import { EncodedBodies } from './encoded-bodies.js';
import type { Revision } from './kv.js';

/**
 * Reads from stored bytes what selection needs, without decoding the rest. Supplied per resource. It must not throw:
 * bytes that cannot be read have no labels and no fields, and still have to be deletable.
 */
export interface ObjectIndexer {
  labels(value: Buffer): Readonly<Record<string, string>>;
  /** Values of the selectable fields, by path; '' where unset. metadata.name and metadata.namespace come from the key. */
  fields(value: Buffer): Readonly<Record<string, string>>;
}

/** One version of one object as it is stored. Immutable; shared by every reader; encoded bodies are made once and kept on it. */
export class StoredObject {
  /** Key path below the resource's prefix: `default/web`, or `web` for cluster-scoped resources. */
  readonly path: string;
  /** Revision of the write, or of the delete for the last state of a deleted object. */
  readonly revision: Revision;
  #value: Buffer;
  readonly #indexer: ObjectIndexer;
  #labels: Readonly<Record<string, string>> | undefined;
  #fields: Readonly<Record<string, string>> | undefined;
  #encoded: EncodedBodies | undefined;

  constructor(path: string, value: Buffer, revision: Revision, indexer: ObjectIndexer) {
    this.path = path;
    this.#value = value;
    this.revision = revision;
    this.#indexer = indexer;
  }

  /** The stored bytes, envelope included. */
  get value(): Buffer {
    return this.#value;
  }

  /** Encoded bodies by form, made on first use: most objects never have any. */
  get encoded(): EncodedBodies {
    this.#encoded ??= new EncodedBodies();
    return this.#encoded;
  }

  get labels(): Readonly<Record<string, string>> {
    this.#labels ??= this.#indexer.labels(this.#value);
    return this.#labels;
  }

  get fields(): Readonly<Record<string, string>> {
    this.#fields ??= this.#indexer.fields(this.#value);
    return this.#fields;
  }

  /** The same state at another revision: what a DELETED event carries. */
  at(revision: Revision): StoredObject {
    const copy = new StoredObject(this.path, this.#value, revision, this.#indexer);
    copy.#labels = this.#labels;
    copy.#fields = this.#fields;
    return copy;
  }

  /** Called when no current state is this version any more: its bodies need not be kept warm. */
  dropEncoded(): void {
    this.#encoded?.drop();
  }

  /** Moves the bytes to other memory, so that the slab they came in can be freed. `copy` holds the same bytes. */
  moveTo(copy: Buffer): void {
    this.#encoded?.drop(); // a body may be a part of the stored bytes
    this.#value = copy;
  }
}
