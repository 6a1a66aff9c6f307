import {
  type Authorizer,
  type GroupVersionResource,
  hasReason,
  type Json,
  type KubeObject,
  methodNotSupported,
  notFound,
  type ObjectReceiver,
  TimeSlice,
  timeNow,
  type UserInfo,
} from '@keelson/machinery';
import { decodeContinue, encodeContinue, type Freshness, type StoredObject } from '@keelson/storage';
import { ObjectMirror } from './objects/object-mirror.js';
import { asJson } from './pipeline/as-json.js';
import type { WriteRequest, WriteServices } from './pipeline/write-request.js';
import type { ResourceVersion } from './resource/resource-version.js';
import type { PartSubresource } from './resource/subresource.js';
import type { ServedVersions } from './served-versions.js';
import { applyStored } from './verbs/apply.js';
import { createStored } from './verbs/create.js';
import { deleteObject } from './verbs/delete.js';
import { checkDeleteOptions } from './verbs/options.js';
import { updatedObject } from './verbs/update.js';
import { applyUpdate } from './verbs/update-outcome.js';

/** Who the server is when it writes its own objects. */
const SERVER_USER: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };
const SERVER_MANAGER = 'kube-apiserver';
/** It may do what it likes. */
const ANYTHING: Authorizer = { authorize: () => ({ decision: 'allow' }) };
/** Nobody gives up the server's own writes. */
const NEVER = new AbortController().signal;

export interface NamesOptions {
  readonly limit: number;
  readonly continueToken?: string | undefined;
}

/** An object, by its key. */
export interface NamedObject {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

export interface NamesPage {
  readonly objects: readonly NamedObject[];
  /** Where the next page begins, if there is one: any list of the resource goes on with it. */
  readonly continueToken?: string;
  readonly resourceVersion: string;
}

function nothing(): void {
  // The server's own writes are neither warned of nor audited.
}

function named({ path, revision }: StoredObject): NamedObject {
  const slash = path.lastIndexOf('/');
  return { namespace: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1), resourceVersion: String(revision) };
}

/** The server's own client: the write pipeline and the stores, without HTTP and authorization. Objects are in the version asked for. */
export class LoopbackClient {
  /** What it reaches: that which is served by now. */
  readonly served: ServedVersions;
  readonly #services: WriteServices;
  readonly #manager: string;

  /** `manager`: who owns the fields that it writes. */
  constructor(served: ServedVersions, services: WriteServices, manager = SERVER_MANAGER) {
    this.served = served;
    this.#services = { ...services, authorizer: ANYTHING };
    this.#manager = manager;
  }

  /** The same client, but what it writes is another manager's. */
  as(manager: string): LoopbackClient {
    return new LoopbackClient(this.served, this.#services, manager);
  }

  async get(
    gvr: GroupVersionResource,
    namespace: string,
    name: string,
    freshness: Freshness = { at: 'consistent' },
  ): Promise<KubeObject | undefined> {
    const version = this.#version(gvr);
    const { object } = await version.resource.store.get(version.resource.path(namespace, name), freshness);
    return object && version.object(object);
  }

  /** Tells `receiver` of every object there is, in all namespaces or in one, and of what becomes of them. There are none while it is not served. */
  mirror<T extends KubeObject>(
    gvr: GroupVersionResource,
    receiver: ObjectReceiver<T>,
    onFailure: (error: unknown) => void,
    namespace = '',
  ): ObjectMirror<T> {
    return new ObjectMirror(this.served, gvr, receiver, onFailure, namespace);
  }

  /** Every object of a namespace, or of all where it is ''. */
  async list(gvr: GroupVersionResource, namespace: string, freshness: Freshness = { at: 'consistent' }): Promise<KubeObject[]> {
    const version = this.#version(gvr);
    const page = await version.resource.store.list({ path: namespace === '' ? '' : `${namespace}/` }, { freshness });
    const objects: KubeObject[] = [];
    const slice = new TimeSlice();
    for (const object of page.items) {
      objects.push(version.object(object));
      if (slice.spent()) await slice.next();
    }
    return objects;
  }

  /** What there is, page by page and without reading the objects; each page shows the latest state behind the last one. */
  async listNames(gvr: GroupVersionResource, { limit, continueToken }: NamesOptions): Promise<NamesPage> {
    const version = this.#version(gvr);
    const { resource, groupResource } = version;
    if (!resource.stored || !resource.verbs.has('list')) throw methodNotSupported(groupResource, 'list');
    const after = continueToken === undefined ? undefined : decodeContinue(continueToken, '').after;
    const page = await resource.store.list({ path: '' }, { freshness: { at: 'consistent' }, limit, ...(after !== undefined && { after }) });
    const { continueAfter, revision } = page;
    return {
      objects: Array.from(page.items, named),
      resourceVersion: String(revision),
      ...(continueAfter !== undefined && { continueToken: encodeContinue({ revision: undefined, after: continueAfter }, '') }),
    };
  }

  /** Throws what a client would be answered, such as 409 when it exists. */
  async create(gvr: GroupVersionResource, object: KubeObject): Promise<KubeObject> {
    const version = this.#version(gvr);
    const canonical = version.schema.codec.fromJson(structuredClone(object) as unknown as Json);
    return version.object(await createStored(this.#request(version, object, ''), canonical));
  }

  /** Creates it unless it is there: another replica may be faster. */
  async ensure(gvr: GroupVersionResource, object: KubeObject): Promise<void> {
    const { namespace = '', name = '' } = object.metadata;
    if ((await this.get(gvr, namespace, name, { at: 'any' })) !== undefined) return;
    try {
      await this.create(gvr, object);
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
  }

  /**
   * Changes the stored object in place, again when another writer was faster, and gives its resourceVersion; throws 404
   * when there is none, and 409 when `change` sets another resourceVersion than the stored one.
   */
  update(gvr: GroupVersionResource, namespace: string, name: string, change: (object: KubeObject) => void): Promise<string> {
    const version = this.#version(gvr);
    return this.#update(this.#request(version, { metadata: { namespace, name } }, name), change);
  }

  /** The same for the object's status; what else is changed counts for nothing. */
  updateStatus(gvr: GroupVersionResource, namespace: string, name: string, change: (object: KubeObject) => void): Promise<string> {
    return this.#update(this.#statusRequest(this.#version(gvr), { metadata: { namespace, name } }, name), change);
  }

  /** Makes the object say what `applied` says, whoever owns it now (KEP-555); makes it when there is none. */
  apply(gvr: GroupVersionResource, manager: string, applied: KubeObject): Promise<void> {
    return this.#apply(this.#request(this.#version(gvr), applied, applied.metadata.name ?? ''), manager, applied);
  }

  /** The same for the object's status; throws 404 when there is no object. */
  applyStatus(gvr: GroupVersionResource, manager: string, applied: KubeObject): Promise<void> {
    return this.#apply(this.#statusRequest(this.#version(gvr), applied, applied.metadata.name ?? ''), manager, applied);
  }

  async #apply(request: WriteRequest, manager: string, applied: KubeObject): Promise<void> {
    const { version, namespace, name } = request;
    const typed = asJson({ ...applied, apiVersion: version.apiVersion, kind: version.kind });
    await applyStored({ ...request, manager }, { applied: typed, duplicates: [], force: true }, version.resource.path(namespace, name));
  }

  /** Deletes this very object: one of its name that was made since stays. Gone already is as good. */
  async delete(gvr: GroupVersionResource, { metadata }: KubeObject): Promise<void> {
    const { namespace = '', name = '', uid = '' } = metadata;
    const version = this.#version(gvr);
    const request = this.#request(version, { metadata: { namespace, name } }, name);
    try {
      await deleteObject(request, version.resource.path(namespace, name), checkDeleteOptions({ preconditions: { uid } }));
    } catch (error) {
      if (!hasReason(error, 'NotFound', 'Conflict')) throw error;
    }
  }

  async #update(request: WriteRequest, change: (object: KubeObject) => void): Promise<string> {
    const { version, namespace, name } = request;
    const { current } = await applyUpdate(request, version.resource.path(namespace, name), (stored) => {
      if (stored === undefined) throw notFound(version.groupResource, name);
      const wanted = version.object(stored);
      change(wanted);
      return updatedObject(request, wanted, { stored, hub: version.hubObject(stored) });
    });
    return String(current?.revision);
  }

  #version(gvr: GroupVersionResource): ResourceVersion {
    const version = this.served.get(gvr);
    if (version === undefined) throw notFound(gvr, '');
    return version;
  }

  #statusRequest(version: ResourceVersion, object: KubeObject, name: string): WriteRequest {
    const part = version.subresources.status as PartSubresource<KubeObject> | undefined;
    return { ...this.#request(version, object, name), subresource: 'status', ...(part && { part }) };
  }

  #request(version: ResourceVersion, { metadata }: KubeObject, name: string): WriteRequest {
    const namespace = metadata.namespace ?? '';
    return {
      version,
      subresource: '',
      namespace,
      name,
      user: SERVER_USER,
      manager: this.#manager,
      fieldValidation: 'Ignore',
      options: {},
      services: this.#services,
      signal: NEVER,
      deadlineAtMs: Number.POSITIVE_INFINITY,
      context: {
        user: SERVER_USER,
        namespace,
        name,
        apiVersion: version.apiVersion,
        dryRun: false,
        now: timeNow(),
        features: this.#services.features,
        warn: nothing,
        annotate: nothing,
      },
    };
  }
}
