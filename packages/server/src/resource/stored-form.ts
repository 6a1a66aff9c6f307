import { formatGroupVersion, type Json, type KubeObject } from '@keelson/machinery';
import {
  envelopePrefix,
  formatJson,
  isEnvelope,
  type KindSchema,
  readLabels,
  unwrap,
  unwrapMessage,
  withoutManagedFields,
  wrap,
} from '@keelson/schema';
import type { ObjectIndexer } from '@keelson/storage';
import type { ResourceDefinition, VersionDefinition } from './definition.js';

/** How a resource's objects are written to the store and read from it. */
export interface StoredForm {
  /** Stored bytes of an object in the hub's shape; resourceVersion and selfLink are never stored. */
  encode(hub: KubeObject): Buffer;
  /** The object in the hub's shape, whichever version it was stored in; nobody else holds it. Without resourceVersion. */
  decode(value: Buffer): KubeObject;
  /** The same, without managedFields where they would be costly to read: for those who look at few fields. */
  decodeUnmanaged(value: Buffer): KubeObject;
  /** Message bytes when the value is protobuf of exactly this kind, else undefined. */
  message(value: Buffer, kind: KindSchema): Buffer | undefined;
  readonly indexer: ObjectIndexer;
}

type Fields = (object: KubeObject) => Record<string, string>;
type Versions = ReadonlyMap<string, VersionDefinition<KubeObject>>;

function withoutRevision(object: KubeObject): KubeObject {
  const { metadata } = object;
  if (metadata.resourceVersion === undefined && metadata.selfLink === undefined) return object;
  const { resourceVersion: _revision, selfLink: _link, ...kept } = metadata;
  return { ...object, metadata: kept };
}

function fieldReader(definition: ResourceDefinition<KubeObject>): Fields {
  const fields = Object.entries(definition.selectableFields ?? {});
  return (object) => Object.fromEntries(fields.map(([path, read]) => [path, read(object)]));
}

function protobufForm(hub: KindSchema, versions: Versions, fields: Fields): StoredForm {
  const apiVersion = formatGroupVersion(hub);
  const prefix = envelopePrefix(apiVersion, hub.kind);
  const decode = (value: Buffer): KubeObject => {
    if (startsWith(value, prefix)) return hub.codec.decode(unwrapMessage(value));
    if (!isEnvelope(value)) return decodeJson(value, hub, versions);
    const { apiVersion: stored, message } = unwrap(value);
    if (stored === apiVersion) return hub.codec.decode(message);
    return toHub(versions, stored, (kind) => kind.codec.decode(message));
  };
  const decodeUnmanaged = (value: Buffer): KubeObject =>
    startsWith(value, prefix) ? hub.codec.decode(withoutManagedFields(unwrapMessage(value))) : decode(value);
  return {
    encode: (object) => wrap(prefix, hub.codec.encode(withoutRevision(object))),
    decode,
    decodeUnmanaged,
    message(value, kind) {
      if (kind === hub && startsWith(value, prefix)) return unwrapMessage(value);
      if (!isEnvelope(value)) return undefined;
      const envelope = unwrap(value);
      return envelope.apiVersion === formatGroupVersion(kind) ? envelope.message : undefined;
    },
    indexer: {
      labels: (value) => (isEnvelope(value) ? readLabels(unwrap(value).message) : decode(value).metadata.labels) ?? {},
      fields: (value) => fields(decodeUnmanaged(value)),
    },
  };
}

function startsWith(value: Buffer, prefix: Buffer): boolean {
  return value.length >= prefix.length && value.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}

function toHub(versions: Versions, apiVersion: string, read: (kind: KindSchema) => KubeObject): KubeObject {
  const version = versions.get(apiVersion);
  if (version === undefined) throw new Error(`stored object is of unknown version ${JSON.stringify(apiVersion)}`);
  const object = read(version.kind);
  return version.toHub?.(object) ?? object;
}

function decodeJson(value: Buffer, hub: KindSchema, versions: Versions): KubeObject {
  const { apiVersion, kind: _kind, ...body } = JSON.parse(value.toString()) as KubeObject;
  const read = (kind: KindSchema) => kind.codec.fromJson(body as never);
  return apiVersion === formatGroupVersion(hub) ? read(hub) : toHub(versions, apiVersion ?? '', read);
}

function jsonForm(hub: KindSchema, stored: VersionDefinition<KubeObject>, versions: Versions, fields: Fields): StoredForm {
  const typeMeta = { kind: stored.kind.kind, apiVersion: formatGroupVersion(stored.kind) };
  const decode = (value: Buffer) => decodeJson(value, hub, versions);
  return {
    encode(object) {
      const hubBody = withoutRevision(object);
      const body = stored.kind.codec.fromJson((stored.fromHub?.(hubBody) ?? hubBody) as unknown as Json);
      return Buffer.from(`${formatJson({ ...typeMeta, ...body })}\n`);
    },
    decode,
    decodeUnmanaged: decode,
    message: () => undefined,
    indexer: { labels: (value) => decode(value).metadata.labels ?? {}, fields: (value) => fields(decode(value)) },
  };
}

/** The stored form a definition asks for: protobuf of the hub, or JSON of the version it names. */
export function storedForm(hub: KindSchema, definition: ResourceDefinition<KubeObject>): StoredForm {
  const versions: Versions = new Map((definition.versions ?? []).map((version) => [formatGroupVersion(version.kind), version]));
  const fields = fieldReader(definition);
  const form =
    definition.storage.format === 'json' ? jsonForm(hub, storedVersion(), versions, fields) : protobufForm(hub, versions, fields);
  return definition.storage.defaultedOnRead ? defaultedOnRead(form, definition) : form;

  function storedVersion(): VersionDefinition<KubeObject> {
    return versions.get(formatGroupVersion(definition.storage.kind ?? hub)) ?? { kind: hub };
  }
}

/** What is stored is not yet what is shown: no stored bytes are passed on as they are. */
function defaultedOnRead(form: StoredForm, definition: ResourceDefinition<KubeObject>): StoredForm {
  const defaulted = (object: KubeObject) => {
    definition.defaults?.(object);
    return object;
  };
  return {
    ...form,
    decode: (value) => defaulted(form.decode(value)),
    decodeUnmanaged: (value) => defaulted(form.decodeUnmanaged(value)),
    message: () => undefined,
  };
}
