import { formatGroupVersion, formatJson, type Json, type KubeObject } from '@keelson/machinery';
import { envelopePrefix, isEnvelope, jsonToYaml, type KindSchema, parseJson, unwrap, wrap, yamlToJson } from '@keelson/schema';

/** What objects can be written to the store as; they are read in all of them. */
export type StorageFormat = 'protobuf' | 'json' | 'yaml';

/** How objects of one kind are written in one format. */
export interface StoredEncoding {
  encode(object: KubeObject): Buffer;
  /** Whether the bytes are of this version and format. */
  isCurrent(value: Buffer): boolean;
  readonly isText: boolean;
}

export function storedEncoding(kind: KindSchema, format: StorageFormat): StoredEncoding {
  if (format === 'protobuf') return protobufEncoding(kind);
  return format === 'json' ? textEncoding(kind, isJsonText, (json) => `${json}\n`) : textEncoding(kind, isYamlText, jsonToYaml);
}

function protobufEncoding(kind: KindSchema): StoredEncoding {
  const apiVersion = formatGroupVersion(kind);
  const prefix = envelopePrefix(apiVersion, kind.kind);
  return {
    encode: (object) => wrap(prefix, kind.codec.encode(object)),
    isCurrent: (value) => startsWith(value, prefix) || (isEnvelope(value) && unwrap(value).apiVersion === apiVersion),
    isText: false,
  };
}

function textEncoding(kind: KindSchema, isOwn: (value: Buffer) => boolean, print: (json: string) => string): StoredEncoding {
  const typeMeta = { kind: kind.kind, apiVersion: formatGroupVersion(kind) };
  return {
    encode: (object) => Buffer.from(print(formatJson({ ...typeMeta, ...kind.codec.fromJson(object as unknown as Json) }))),
    isCurrent: (value) => isOwn(value) && parseText(value).apiVersion === typeMeta.apiVersion,
    isText: true,
  };
}

const BRACE = 0x7b;

function isJsonText(value: Buffer): boolean {
  return value[0] === BRACE;
}

/** What is stored as text: JSON or YAML. */
export function parseText(value: Buffer): KubeObject {
  const text = value.toString();
  return (isJsonText(value) ? parseJson(text) : yamlToJson(text).value) as unknown as KubeObject;
}

function isYamlText(value: Buffer): boolean {
  return !isJsonText(value) && !isEnvelope(value);
}

export function startsWith(value: Buffer, prefix: Buffer): boolean {
  return value.length >= prefix.length && value.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
