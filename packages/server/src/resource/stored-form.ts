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
  /** False for bytes that another version or encoding was written in: the same object would be other bytes now. */
  isCurrent(value: Buffer): boolean;
  /** What is written is JSON; else protobuf. */
  readonly isJson: boolean;
  readonly indexer: ObjectIndexer;
}

type Fields = (object: KubeObject) => Record<string, string>;
type Version = VersionDefinition<KubeObject>;
type Versions = ReadonlyMap<string, Version>;

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

function protobufForm(hub: KindSchema, written: Version, versions: Versions, fields: Fields): StoredForm {
  const hubPrefix = prefixOf(hub);
  const prefix = prefixOf(written.kind);
  const read = (value: Buffer, part: (message: Buffer) => Buffer): KubeObject => {
    if (startsWith(value, hubPrefix)) return hub.codec.decode(part(unwrapMessage(value)));
    if (!isEnvelope(value)) return decodeJson(value, hub, versions);
    const { apiVersion, message } = unwrap(value);
    return toHub(hub, versions, apiVersion, (kind) => kind.codec.decode(part(message)));
  };
  const decodeUnmanaged = (value: Buffer) => read(value, withoutManagedFields);
  const message = (value: Buffer, kind: KindSchema): Buffer | undefined => {
    if (kind === hub && startsWith(value, hubPrefix)) return unwrapMessage(value);
    if (!isEnvelope(value)) return undefined;
    const envelope = unwrap(value);
    return envelope.apiVersion === formatGroupVersion(kind) ? envelope.message : undefined;
  };
  return {
    encode: (object) => wrap(prefix, written.kind.codec.encode(fromHub(hub, written, withoutRevision(object)))),
    decode: (value) => read(value, (whole) => whole),
    decodeUnmanaged,
    message,
    isJson: false,
    isCurrent: (value) => startsWith(value, prefix) || message(value, written.kind) !== undefined,
    indexer: {
      labels: (value) => (isEnvelope(value) ? readLabels(unwrap(value).message) : decodeUnmanaged(value).metadata.labels) ?? {},
      fields: (value) => fields(decodeUnmanaged(value)),
    },
  };
}

function prefixOf(kind: KindSchema): Buffer {
  return envelopePrefix(formatGroupVersion(kind), kind.kind);
}

/** Conversions are for whole objects; what is about to be stored may lack parts that are always there when it is read. */
function fromHub(hub: KindSchema, version: Version, object: KubeObject): KubeObject {
  return version.fromHub?.(hub.codec.fromJson(object as unknown as Json)) ?? object;
}

function startsWith(value: Buffer, prefix: Buffer): boolean {
  return value.length >= prefix.length && value.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}

function toHub(hub: KindSchema, versions: Versions, apiVersion: string, read: (kind: KindSchema) => KubeObject): KubeObject {
  if (apiVersion === formatGroupVersion(hub)) return read(hub);
  const version = versions.get(apiVersion);
  if (version === undefined) throw new Error(`stored object is of unknown version ${JSON.stringify(apiVersion)}`);
  const object = read(version.kind);
  return version.toHub?.(object) ?? object;
}

function decodeJson(value: Buffer, hub: KindSchema, versions: Versions): KubeObject {
  const { apiVersion, kind: _kind, ...body } = JSON.parse(value.toString()) as KubeObject;
  return toHub(hub, versions, apiVersion ?? '', (kind) => kind.codec.fromJson(body as never));
}

function jsonForm(hub: KindSchema, written: Version, versions: Versions, fields: Fields): StoredForm {
  const typeMeta = { kind: written.kind.kind, apiVersion: formatGroupVersion(written.kind) };
  const decode = (value: Buffer) => decodeJson(value, hub, versions);
  return {
    encode(object) {
      const body = written.kind.codec.fromJson(fromHub(hub, written, withoutRevision(object)) as unknown as Json);
      return Buffer.from(`${formatJson({ ...typeMeta, ...body })}\n`);
    },
    decode,
    decodeUnmanaged: decode,
    message: () => undefined,
    isJson: true,
    isCurrent: (value) => !isEnvelope(value) && (JSON.parse(value.toString()) as KubeObject).apiVersion === typeMeta.apiVersion,
    indexer: { labels: (value) => decode(value).metadata.labels ?? {}, fields: (value) => fields(decode(value)) },
  };
}

/** The stored form of a definition, in the format that it asks for. `written` is the version that objects are written in. */
export function storedForm(hub: KindSchema, written: KindSchema, definition: ResourceDefinition<KubeObject>): StoredForm {
  if (definition.storage.form !== undefined) return definition.storage.form;
  const versions: Versions = new Map((definition.versions ?? []).map((version) => [formatGroupVersion(version.kind), version]));
  const fields = fieldReader(definition);
  const writtenVersion = versions.get(formatGroupVersion(written)) ?? { kind: hub };
  const makeForm = definition.storage.format === 'json' ? jsonForm : protobufForm;
  const form = makeForm(hub, writtenVersion, versions, fields);
  return definition.storage.defaultedOnRead ? defaultedOnRead(form, definition) : form;
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
