import { EncodedBodies } from './encoded-bodies.js';
import type { Revision, ValueFlaw } from './kv.js';
import type { StorageError } from './storage-error.js';

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
  readonly #flaw: ValueFlaw | undefined;

  constructor(path: string, value: Buffer, revision: Revision, indexer: ObjectIndexer, flaw?: ValueFlaw) {
    this.path = path;
    this.#value = value;
    this.revision = revision;
    this.#indexer = indexer;
    this.#flaw = flaw;
  }

  /** The stored bytes, envelope included. Throws for an object that cannot be read. */
  get value(): Buffer {
    if (this.unreadable !== undefined) throw this.unreadable;
    return this.#value;
  }

  /** What is in memory for this object, whether it can be read or not. */
  get bytes(): Buffer {
    return this.#value;
  }

  /** Why the object cannot be read; it has no labels and no fields then. */
  get unreadable(): StorageError | undefined {
    return this.#flaw === 'stale' ? undefined : this.#flaw;
  }

  get hasFlaw(): boolean {
    return this.#flaw !== undefined;
  }

  /** Whether writing the same bytes again would store them otherwise, as far as was known when this was read. */
  get isStale(): boolean {
    return this.#flaw === 'stale';
  }

  /** Encoded bodies by form, made on first use: most objects never have any. */
  get encoded(): EncodedBodies {
    this.#encoded ??= new EncodedBodies();
    return this.#encoded;
  }

  get labels(): Readonly<Record<string, string>> {
    this.#labels ??= this.unreadable === undefined ? this.#indexer.labels(this.#value) : {};
    return this.#labels;
  }

  get fields(): Readonly<Record<string, string>> {
    this.#fields ??= this.unreadable === undefined ? this.#indexer.fields(this.#value) : {};
    return this.#fields;
  }

  /** The same state at another revision: what a DELETED event carries. */
  at(revision: Revision): StoredObject {
    const copy = new StoredObject(this.path, this.#value, revision, this.#indexer, this.#flaw);
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
