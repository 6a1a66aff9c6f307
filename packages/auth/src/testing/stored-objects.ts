import {
  type GroupVersionResource,
  type KindResource,
  type KubeObject,
  notFound,
  type ObjectAccess,
  type ObjectReader,
  type ObjectWriter,
} from '@keelson/machinery';

/** Objects by the plural of their resource. A test changes them as it goes on. */
export class StoredObjects implements ObjectAccess {
  readonly #objects = new Map<string, KubeObject>();
  /** Of what a cache has not heard yet, by the keys of `keyOf`. */
  readonly unseen = new Set<string>();
  /** Keys of what was updated, in order. */
  readonly updates: string[] = [];

  put(resource: string, object: KubeObject): void {
    this.#objects.set(keyOf(resource, object.metadata.namespace ?? '', object.metadata.name ?? ''), object);
  }

  remove(resource: string, namespace: string, name: string): void {
    this.#objects.delete(keyOf(resource, namespace, name));
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(keyOf(resource, namespace, name));
  }

  reader<T extends KubeObject>({ resource }: GroupVersionResource): ObjectReader<T> {
    return {
      get: async (namespace, name) =>
        this.unseen.has(keyOf(resource, namespace, name)) ? undefined : (this.get(resource, namespace, name) as T | undefined),
      getLatest: async (namespace, name) => this.get(resource, namespace, name) as T | undefined,
      list: async () => [],
      listLatest: async () => [],
    };
  }

  writer<T extends KubeObject>(gvr: GroupVersionResource): ObjectWriter<T> {
    const refuse = async (): Promise<never> => {
      throw notFound(gvr, '');
    };
    return {
      create: refuse,
      update: async (namespace, name, change) => {
        const object = this.get(gvr.resource, namespace, name);
        if (object === undefined) throw notFound(gvr, name);
        const changed = structuredClone(object);
        change(changed as T);
        this.updates.push(keyOf(gvr.resource, namespace, name));
        this.put(gvr.resource, changed);
        return changed.metadata.resourceVersion ?? '';
      },
      updateStatus: refuse,
    };
  }

  resourcesOf(): readonly KindResource[] {
    return [];
  }

  follow(): never {
    throw new Error('nobody follows these objects');
  }
}

export function keyOf(resource: string, namespace: string, name: string): string {
  return `${resource}/${namespace}/${name}`;
}
