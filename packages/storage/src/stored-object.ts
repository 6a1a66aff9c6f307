import type { Revision } from './kv.js';

/** Reads from stored bytes what selection needs, without decoding the rest. Supplied per resource. */
export interface ObjectIndexer {
  labels(value: Buffer): Readonly<Record<string, string>>;
  /** Values of the selectable fields, by path; '' where unset. metadata.name and metadata.namespace come from the key. */
  fields(value: Buffer): Readonly<Record<string, string>>;
}

/** One version of one object as it is stored. Immutable; shared by every reader; encoded bodies are made once and kept on it. */
export class StoredObject {
  /** Key path below the resource's prefix: `default/web`, or `web` for cluster-scoped resources. */
  readonly path: string;
  /** The stored bytes, envelope included. */
  readonly value: Buffer;
  /** Revision of the write, or of the delete for the last state of a deleted object. */
  readonly revision: Revision;
  /** Encoded bodies by form; what fills it (the responder) names the forms and bounds what is kept. */
  readonly encoded = new Map<string, Buffer>();
  readonly #indexer: ObjectIndexer;
  #labels: Readonly<Record<string, string>> | undefined;
  #fields: Readonly<Record<string, string>> | undefined;

  constructor(path: string, value: Buffer, revision: Revision, indexer: ObjectIndexer) {
    this.path = path;
    this.value = value;
    this.revision = revision;
    this.#indexer = indexer;
  }

  get labels(): Readonly<Record<string, string>> {
    this.#labels ??= this.#indexer.labels(this.value);
    return this.#labels;
  }

  get fields(): Readonly<Record<string, string>> {
    this.#fields ??= this.#indexer.fields(this.value);
    return this.#fields;
  }

  /** The same state at another revision: what a DELETED event carries. */
  at(revision: Revision): StoredObject {
    return new StoredObject(this.path, this.value, revision, this.#indexer);
  }
}
