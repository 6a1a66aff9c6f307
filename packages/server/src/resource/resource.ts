import { formatGroupVersion, type GroupResource, type KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { ResourceStore } from '@keelson/storage';
import type { Column } from './column.js';
import { defaultColumns } from './columns.js';
import type { ResourceDefinition, ResourceVerb, VersionDefinition } from './definition.js';
import { ResourceVersion } from './resource-version.js';
import type { StorageFormat } from './stored/stored-encoding.js';
import { type StoredForm, storedForm } from './stored/stored-form.js';

const ALL_VERBS: readonly ResourceVerb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/**
 * A resource as the verbs see it: what its definition says, completed and compiled. Built-in kinds, custom resources
 * and those of extension servers all end in one of these; verbs know nothing else.
 */
export class Resource implements GroupResource {
  readonly group: string;
  readonly resource: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: ReadonlySet<ResourceVerb>;
  readonly hub: KindSchema;
  /** Versions that can be served, by `apiVersion`: they may be of several groups. */
  readonly versions: ReadonlyMap<string, ResourceVersion>;
  #storedKind: KindSchema;
  #form: StoredForm;
  #store: ResourceStore | undefined;
  #served: readonly ResourceVersion[] = [];

  constructor(
    hub: KindSchema,
    readonly definition: ResourceDefinition<KubeObject>,
  ) {
    this.hub = hub;
    this.group = hub.group;
    this.resource = definition.names.plural;
    this.singular = definition.names.singular ?? hub.kind.toLowerCase();
    this.namespaced = definition.scope === 'Namespaced';
    this.verbs = new Set(definition.verbs ?? ALL_VERBS);
    this.#storedKind = definition.storage.kind ?? hub;
    this.#form = storedForm(hub, { kind: this.#storedKind, format: 'protobuf' }, definition);
    this.versions = servedVersions(this, hub, definition);
    this.#store = definition.storage.computed?.(this.#form);
  }

  /** The same resource for another server: it has no store yet, and nobody reaches it. */
  copy(): Resource {
    return new Resource(this.hub, this.definition);
  }

  /** Virtual resources (reviews, what is computed when read) have nothing in the store. */
  get stored(): boolean {
    return this.definition.review === undefined && this.definition.storage.computed === undefined;
  }

  /** Kind that objects are written to the store as; what is stored may be of any of its versions. */
  get storedKind(): KindSchema {
    return this.#storedKind;
  }

  get form(): StoredForm {
    return this.#form;
  }

  get store(): ResourceStore {
    if (this.#store === undefined) throw new Error(`resource ${this.resource}.${this.group} has no store`);
    return this.#store;
  }

  /** The served version of this `apiVersion`. */
  byApiVersion(apiVersion: string): ResourceVersion | undefined {
    return this.versions.get(apiVersion);
  }

  /** The version served as this group and version, if there is one. */
  inVersion(group: string, version: string): ResourceVersion | undefined {
    return this.versions.get(formatGroupVersion({ group, version }));
  }

  /** Those of its versions that clients reach, in the order they came to be served; another array when that changes. */
  get served(): readonly ResourceVersion[] {
    return this.#served;
  }

  /** Notes that clients reach a version from now on, or no more. */
  serve(version: ResourceVersion, reachable: boolean): void {
    const others = this.#served.filter((one) => one !== version);
    this.#served = reachable ? [...others, version] : others;
    for (const one of this.versions.values()) one.admitted.clear();
  }

  /**
   * Objects are written in this version, a served or the hub's, or by default in that of the definition, and in this format where the
   * definition asks for no other. Done before the store is bound.
   */
  storeAs(format: StorageFormat, kind: KindSchema = this.definition.storage.kind ?? this.hub): void {
    this.#storedKind = kind;
    this.#form = storedForm(this.hub, { kind, format }, this.definition);
  }

  /** Installs the store; done once, before the first request. */
  bind(store: ResourceStore): void {
    this.#store = store;
  }

  /** Path below the resource's storage prefix. */
  path(namespace: string, name: string): string {
    return this.namespaced ? `${namespace}/${name}` : name;
  }
}

function servedVersions(resource: Resource, hub: KindSchema, definition: ResourceDefinition<KubeObject>): Map<string, ResourceVersion> {
  const { deprecationWarning, fieldAliases } = definition;
  const own: VersionDefinition<KubeObject> = {
    kind: hub,
    ...(deprecationWarning !== undefined && { deprecationWarning }),
    ...(fieldAliases !== undefined && { fieldAliases }),
  };
  const all = [...(definition.served === false ? [] : [own]), ...(definition.versions ?? [])];
  const columns = (definition.columns ?? defaultColumns) as readonly Column[];
  return new Map(all.map((version) => [apiVersionOf(version.kind), new ResourceVersion(resource, version, columns)]));
}

/** Makes the one value that verbs, discovery and storage work with. `kind` is the hub: the shape strategies see. */
export function defineResource<T extends KubeObject>(kind: KindSchema<T>, definition: ResourceDefinition<T>): Resource {
  return new Resource(kind as unknown as KindSchema, definition as unknown as ResourceDefinition<KubeObject>);
}

/** `apps/v1` of a kind. */
export function apiVersionOf(kind: KindSchema): string {
  return formatGroupVersion(kind);
}
