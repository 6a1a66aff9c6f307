import type { AdmissionPlugin, KubeObject } from '@keelson/machinery';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import type { ActionOptions } from './action-options.js';
import { admissionHookPlugin } from './admission-hooks.js';
import type { ConnectOptions } from './connect-options.js';
import { type MadeResource, makeResource, type ResourceParts } from './make-resource.js';
import type { ObjectOf } from './object-of.js';
import type { ResourceOptions } from './resource-options.js';
import type { SubresourceParts } from './subresource-parts.js';
import type { VersionOptions, VersionParts } from './version-options.js';

/** What a server needs of a resource, whatever the type of its objects. */
export interface ServableResource {
  readonly group: string;
  /** The main one first. */
  readonly versions: readonly string[];
  /** For one server. */
  make(): MadeResource;
  plugin(made: MadeResource): AdmissionPlugin | undefined;
  /** Whether a subresource streams for as long as both sides want. */
  isLongRunning(subresource: string): boolean;
}

/** A resource with objects of type `T`. Immutable: what is added gives another one. */
export class ExtensionResource<T extends KubeObject> implements ServableResource {
  declare readonly objectType: T;
  readonly #parts: ResourceParts;

  constructor(parts: ResourceParts) {
    this.#parts = parts;
  }

  get group(): string {
    return this.#parts.group;
  }

  get versions(): readonly string[] {
    return [this.#parts.version, ...this.#parts.versions.map(({ version }) => version)];
  }

  /** Serves it in another version, too, with functions that convert. */
  withVersion<Spec extends AnySchema = never, Status extends AnySchema = never, More extends Fields = never>(
    version: string,
    options: VersionOptions<T, Spec, Status, More>,
  ): ExtensionResource<T> {
    const { spec, status, fields, deprecated = false, toMain, fromMain } = options;
    const shape = { ...(spec && { spec }), ...(status && { status }), ...(fields && { fields }) };
    const parts = { version, shape, deprecated, toMain, fromMain } as unknown as VersionParts;
    return new ExtensionResource({ ...this.#parts, versions: [...this.#parts.versions, parts] });
  }

  /** Adds a subresource that does something when a body of its own kind is posted to it. */
  withAction<Spec extends AnySchema = never, Status extends AnySchema = never, More extends Fields = never>(
    name: string,
    { kind, description = '', run, spec, status, fields }: ActionOptions<T, Spec, Status, More>,
  ): ExtensionResource<T> {
    const shape = { ...(spec && { spec }), ...(status && { status }), ...(fields && { fields }) };
    return this.#withSubresource(name, { type: 'action', kind, description, shape, run } as unknown as SubresourceParts);
  }

  /** Adds a subresource that answers in its own way: a stream, a file, an upgraded connection. */
  withConnect(name: string, options: ConnectOptions<T>): ExtensionResource<T> {
    return this.#withSubresource(name, { type: 'connect', ...options } as unknown as SubresourceParts);
  }

  make(): MadeResource {
    return makeResource(this.#parts);
  }

  plugin({ resource }: MadeResource): AdmissionPlugin | undefined {
    const { admission } = this.#parts.behavior;
    return admission && admissionHookPlugin(resource, admission);
  }

  isLongRunning(subresource: string): boolean {
    const parts = this.#parts.subresources.get(subresource);
    return parts?.type === 'connect' && parts.longRunning === true;
  }

  #withSubresource(name: string, parts: SubresourceParts): ExtensionResource<T> {
    return new ExtensionResource({ ...this.#parts, subresources: new Map([...this.#parts.subresources, [name, parts]]) });
  }
}

/** The type of a resource's objects. */
export type ObjectType<R> = R extends ExtensionResource<infer T> ? T : never;

/** Defines a resource: its schema, by which the types of its objects are inferred, and how they behave. */
export function defineResource<Spec extends AnySchema = never, Status extends AnySchema = never, More extends Fields = never>(
  options: ResourceOptions<Spec, Status, More>,
): ExtensionResource<ObjectOf<Spec, Status, More>> {
  const { group, version, kind, scope, names = {}, description = '', spec, status, fields, ...behavior } = options;
  const shape = { ...(spec && { spec }), ...(status && { status }), ...(fields && { fields }) };
  const parts = { group, version, kind, scope, names, description, shape, behavior, versions: [], subresources: new Map() };
  return new ExtensionResource(parts as unknown as ResourceParts);
}
