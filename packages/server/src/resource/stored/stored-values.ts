import { formatGroupVersion, type Json, type KubeObject } from '@keelson/machinery';
import { envelopePrefix, isEnvelope, type KindSchema, type Omission, readLabels, unwrap, unwrapMessage } from '@keelson/schema';
import type { VersionDefinition } from '../definition.js';
import { parseText, startsWith } from './stored-encoding.js';

export type Version = VersionDefinition<KubeObject>;

/** Reads the stored objects of a resource, whichever version and encoding they are in. */
export class StoredValues {
  readonly #hub: KindSchema;
  readonly #hubPrefix: Buffer;
  readonly #versions: ReadonlyMap<string, Version>;

  /** `versions`: all but the hub, by apiVersion. */
  constructor(hub: KindSchema, versions: ReadonlyMap<string, Version>) {
    this.#hub = hub;
    this.#hubPrefix = envelopePrefix(formatGroupVersion(hub), hub.kind);
    this.#versions = versions;
  }

  decode(value: Buffer, omission?: Omission): KubeObject {
    if (startsWith(value, this.#hubPrefix)) return this.#hub.codec.decode(unwrapMessage(value), omission);
    if (!isEnvelope(value)) return this.#readText(value);
    const { apiVersion, message } = unwrap(value);
    return this.#toHub(apiVersion, (kind) => kind.codec.decode(message, omission));
  }

  message(value: Buffer, kind: KindSchema): Buffer | undefined {
    if (kind === this.#hub && startsWith(value, this.#hubPrefix)) return unwrapMessage(value);
    if (!isEnvelope(value)) return undefined;
    const envelope = unwrap(value);
    return envelope.apiVersion === formatGroupVersion(kind) ? envelope.message : undefined;
  }

  labels(value: Buffer): Readonly<Record<string, string>> {
    return (isEnvelope(value) ? readLabels(unwrap(value).message) : this.decode(value).metadata.labels) ?? {};
  }

  /** Conversions are for whole objects; what is about to be stored may lack parts that are always there when it is read. */
  fromHub(version: Version, object: KubeObject): KubeObject {
    return version.fromHub?.(this.#hub.codec.fromJson(object as unknown as Json)) ?? object;
  }

  #readText(value: Buffer): KubeObject {
    const { apiVersion, kind: _kind, ...body } = parseText(value);
    return this.#toHub(apiVersion ?? '', (kind) => kind.codec.fromJson(body as never));
  }

  #toHub(apiVersion: string, read: (kind: KindSchema) => KubeObject): KubeObject {
    if (apiVersion === formatGroupVersion(this.#hub)) return read(this.#hub);
    const version = this.#versions.get(apiVersion);
    if (version === undefined) throw new Error(`stored object is of unknown version ${JSON.stringify(apiVersion)}`);
    const object = read(version.kind);
    return version.toHub?.(object) ?? object;
  }
}
