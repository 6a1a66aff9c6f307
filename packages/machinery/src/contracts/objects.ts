import type { GroupVersionKind, GroupVersionResource } from '../meta/group-version.js';
import type { KubeObject } from '../meta/object.js';

/**
 * The objects that a server keeps, as its own parts see them: authenticators, authorizers, admission plugins. It is
 * made before they are and of use once the server starts; of a resource that is not served there are no objects.
 */
export interface ObjectAccess {
  reader<T extends KubeObject>(resource: GroupVersionResource): ObjectReader<T>;
  writer<T extends KubeObject>(resource: GroupVersionResource): ObjectWriter<T>;
  /**
   * Tells `receiver` of every object there is and of what becomes of them: before the first request is served when
   * called before the server has started, from now on when called later. What is not served is followed once it is; its
   * objects are gone when it is served no more.
   */
  follow<T extends KubeObject>(resource: GroupVersionResource, receiver: ObjectReceiver<T>): Following;
  /** Where objects of a kind are served at this moment, by this server or by one behind it. */
  resourcesOf(kind: GroupVersionKind): readonly KindResource[];
}

/** A resource whose objects are of some kind. */
export interface KindResource {
  readonly resource: GroupVersionResource;
  readonly namespaced: boolean;
}

/** Reads the objects of one resource, from memory where it can. Cluster-scoped resources take the empty namespace. */
export interface ObjectReader<T extends KubeObject = KubeObject> {
  /** May be as old as the last event seen. */
  get(namespace: string, name: string): Promise<T | undefined>;
  /** As of now: for where an old answer would refuse what is right. */
  getLatest(namespace: string, name: string): Promise<T | undefined>;
  list(namespace: string): Promise<T[]>;
  /** As of now. */
  listLatest(namespace: string): Promise<T[]>;
}

/** Writes objects of one resource as the server itself, through admission and validation. */
export interface ObjectWriter<T extends KubeObject = KubeObject> {
  /** Throws what a client would be answered, such as 409 when it exists. */
  create(object: T): Promise<T>;
  /**
   * Changes the stored object in place, again when another writer was faster. Resolves to the resourceVersion that it
   * then has; throws 404 when there is none, and what `change` throws of the object as it is now.
   */
  update(namespace: string, name: string, change: (object: T) => void): Promise<string>;
  updateStatus(namespace: string, name: string, change: (object: T) => void): Promise<string>;
}

/** Keeps something of every object of a resource. Told of each object as it is, and again when it may have changed. */
export interface ObjectReceiver<T extends KubeObject = KubeObject> {
  /** It never looks at managedFields, which are most of the work of reading an object: they may be missing. */
  readonly unmanaged?: true;
  /**
   * All that it looks at besides names: messages by their JSON names, `spec` or `status.conditions`. It need not be told again of an
   * object in which these are as they were.
   */
  readonly looksAt?: readonly string[];
  /** The object is shared: it may be kept, not changed. */
  set(object: T): void;
  /** With the last state. */
  delete(object: T): void;
}

export interface Following {
  /** Resolves when the receiver has been told of everything that is there. */
  readonly synced: Promise<void>;
  stop(): void;
}
