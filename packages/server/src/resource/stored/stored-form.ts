import { formatGroupVersion, type KubeObject } from '@keelson/machinery';
import type { KindSchema, Omission } from '@keelson/schema';
import type { ObjectIndexer } from '@keelson/storage';
import type { ResourceDefinition } from '../definition.js';
import { type StorageFormat, storedEncoding } from './stored-encoding.js';
import { StoredValues, type Version } from './stored-values.js';

/** How a resource's objects are written to the store and read from it. */
export interface StoredForm {
  /** Stored bytes of an object in the hub's shape; resourceVersion and selfLink are never stored. */
  encode(hub: KubeObject): Buffer;
  /**
   * The object in the hub's shape, whichever version it was stored in; nobody else holds it. Without resourceVersion, and
   * without what is omitted where that would be costly to read.
   */
  decode(value: Buffer, omission?: Omission): KubeObject;
  /** Message bytes when the value is protobuf of exactly this kind, else undefined. */
  message(value: Buffer, kind: KindSchema): Buffer | undefined;
  /** False for bytes that another version or encoding was written in: the same object would be other bytes now. */
  isCurrent(value: Buffer): boolean;
  /** What is written is text, as long as JSON; else protobuf. */
  readonly isText: boolean;
  readonly indexer: ObjectIndexer;
}

/** What the stored form of a definition depends on besides the definition itself. */
export interface StorageChoice {
  /** The version that objects are written in. */
  readonly kind: KindSchema;
  /** How they are encoded unless the definition says so itself. */
  readonly format: StorageFormat;
}

/** The stored form of a definition. */
export function storedForm(hub: KindSchema, { kind, format }: StorageChoice, definition: ResourceDefinition<KubeObject>): StoredForm {
  const { storage, versions = [] } = definition;
  if (storage.form !== undefined) return storage.form;
  const byApiVersion = new Map(versions.map((version) => [formatGroupVersion(version.kind), version]));
  const written = byApiVersion.get(formatGroupVersion(kind)) ?? { kind: hub };
  const form = encodedForm(new StoredValues(hub, byApiVersion), written, storage.format ?? format, fieldReader(definition));
  return storage.defaultedOnRead ? defaultedOnRead(form, definition) : form;
}

type Fields = (object: KubeObject) => Record<string, string>;

function fieldReader({ selectableFields = {} }: ResourceDefinition<KubeObject>): Fields {
  const fields = Object.entries(selectableFields);
  return (object) => Object.fromEntries(fields.map(([path, read]) => [path, read(object)]));
}

function encodedForm(values: StoredValues, written: Version, format: StorageFormat, fields: Fields): StoredForm {
  const { encode, isCurrent, isText } = storedEncoding(written.kind, format);
  return {
    encode: (object) => encode(values.fromHub(written, withoutRevision(object))),
    decode: (value, omission) => values.decode(value, omission),
    message: (value, kind) => values.message(value, kind),
    isText,
    isCurrent,
    indexer: { labels: (value) => values.labels(value), fields: (value) => fields(values.decode(value, 'managedFields')) },
  };
}

function withoutRevision(object: KubeObject): KubeObject {
  const { metadata } = object;
  if (metadata.resourceVersion === undefined && metadata.selfLink === undefined) return object;
  const { resourceVersion: _revision, selfLink: _link, ...kept } = metadata;
  return { ...object, metadata: kept };
}

/**
 * What is stored is not yet what is shown: no stored bytes are passed on as they are, and they are not of now as long as what is shown
 * would be stored as others. Defaults may label what has no labels.
 */
function defaultedOnRead(form: StoredForm, definition: ResourceDefinition<KubeObject>): StoredForm {
  const decode: StoredForm['decode'] = (value, omission) => {
    const object = form.decode(value, omission);
    definition.defaults?.(object);
    return object;
  };
  const labels = (value: Buffer) => {
    const stored = form.indexer.labels(value);
    return Object.keys(stored).length > 0 ? stored : (decode(value, 'managedFields').metadata.labels ?? {});
  };
  return {
    ...form,
    decode,
    message: () => undefined,
    isCurrent: (value) => form.isCurrent(value) && form.encode(decode(value)).equals(value),
    indexer: { ...form.indexer, labels },
  };
}
