import type { GroupVersionKind, GroupVersionResource, JsonObject, KubeObject, Labels, ServedVersion } from '@keelson/machinery';
import { mergeConfiguration } from '@keelson/patch';
import { type KindSchema, kinds } from '@keelson/schema';
import { apiVersionOf } from '../resource/resource.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { PartSubresource } from '../resource/subresource.js';
import { asJson } from './as-json.js';
import { defaultedHub } from './defaulting.js';

/** What admission plugins are told of a version, or of a subresource in it: the same for every request. */
export function servedVersion(version: ResourceVersion, subresource: string): ServedVersion {
  let served = version.admitted.get(subresource);
  if (served === undefined) {
    served = newServedVersion(version, subresource);
    version.admitted.set(subresource, served);
  }
  return served;
}

function newServedVersion(version: ResourceVersion, subresource: string): ServedVersion {
  const definition = version.subresources[subresource];
  if (definition?.type === 'action') return new ServedForm(version, subresource, definition.kind, ofBody(definition.kind));
  if (definition?.type === 'connect') {
    const options = kinds.find(version.group, version.version, definition.kind) as KindSchema | undefined;
    if (options !== undefined) return new ServedForm(version, subresource, options, ofBody(options));
  }
  if (definition?.type === 'part' && definition.view !== undefined && definition.kind !== undefined)
    return new ServedForm(version, subresource, definition.kind, ofView(definition, definition.kind, version.resource.hub));
  return new ServedForm(version, subresource, version.schema, whole(version));
}

interface Conversion {
  /** What has the labels that clients see. */
  labelled(hub: KubeObject): KubeObject;
  /** Without TypeMeta. */
  view(hub: KubeObject): KubeObject;
  /** Consumes `object`, which has no TypeMeta. */
  update(hub: KubeObject, object: JsonObject): void;
}

class ServedForm implements ServedVersion {
  readonly resource: GroupVersionResource;
  readonly kind: GroupVersionKind;
  readonly #version: ResourceVersion;
  readonly #schema: KindSchema;
  readonly #conversion: Conversion;

  constructor(
    version: ResourceVersion,
    readonly subresource: string,
    schema: KindSchema,
    conversion: Conversion,
  ) {
    const { group, version: name, resource } = version;
    this.resource = { group, version: name, resource: resource.resource };
    this.kind = { group: schema.group, version: schema.version, kind: schema.kind };
    this.#version = version;
    this.#schema = schema;
    this.#conversion = conversion;
  }

  get equivalents(): readonly ServedVersion[] {
    const { subresource } = this;
    const others = this.#version.resource.served.filter((one) => one !== this.#version);
    return others
      .filter(({ subresources }) => subresource === '' || subresources[subresource] !== undefined)
      .map((one) => servedVersion(one, subresource));
  }

  labels(hub: KubeObject): Labels | undefined {
    // The options of connections have no metadata.
    return this.#conversion.labelled(hub).metadata?.labels;
  }

  view(hub: KubeObject): KubeObject {
    return { kind: this.#schema.kind, apiVersion: apiVersionOf(this.#schema), ...this.#conversion.view(hub) };
  }

  update(hub: KubeObject, view: JsonObject): void {
    const { kind = this.#schema.kind, apiVersion = apiVersionOf(this.#schema), ...fields } = view;
    if (kind !== this.#schema.kind || apiVersion !== apiVersionOf(this.#schema))
      throw new Error(`${apiVersion}, Kind=${kind} cannot be made of ${apiVersionOf(this.#schema)}, Kind=${this.#schema.kind}`);
    this.#conversion.update(hub, fields);
  }

  merge(view: JsonObject, configuration: JsonObject): JsonObject {
    return mergeConfiguration(view, configuration, this.#schema.type);
  }
}

function whole(version: ResourceVersion): Conversion {
  const { schema } = version;
  const { hub } = version.resource;
  return {
    labelled: itself,
    view: (object) => (schema === hub ? canonical(hub, object) : canonical(schema, version.fromHub(canonical(hub, object)))),
    update: (object, fields) => replace(object, defaultedHub(version, schema.codec.fromJson(fields))),
  };
}

function ofView(part: PartSubresource<KubeObject>, kind: KindSchema, hub: KindSchema): Conversion {
  const view = (parent: KubeObject) => part.view?.(canonical(hub, parent)) ?? parent;
  return {
    labelled: view,
    view: (parent) => canonical(kind, view(parent)),
    update: (parent, fields) => part.merge?.(parent, kind.codec.fromJson(fields)),
  };
}

/** What is no part of the resource: the body of an action, the options of a connection. */
function ofBody(kind: KindSchema): Conversion {
  return {
    labelled: itself,
    view: (object) => canonical(kind, object),
    update: (object, fields) => replace(object, kind.codec.fromJson(fields)),
  };
}

function itself(object: KubeObject): KubeObject {
  return object;
}

/** What is on its way may lack parts that every kind shows; conversions are for whole objects. */
function canonical(schema: KindSchema, object: KubeObject): KubeObject {
  return schema.codec.fromJson(asJson(object));
}

/** Whoever holds `object` holds `by` from now on. */
function replace(object: KubeObject, by: KubeObject): void {
  const members = asJson(object);
  for (const member of Object.keys(members)) delete members[member];
  Object.assign(object, by);
}
