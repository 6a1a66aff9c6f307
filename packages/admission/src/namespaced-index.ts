import type { KubeObject, ObjectReceiver } from '@keelson/machinery';

/** What is made of each object of a resource, by namespace. */
export class NamespacedIndex<T extends KubeObject, V> implements ObjectReceiver<T> {
  readonly #make: (object: T) => V;
  readonly #namespaces = new Map<string, Map<string, V>>();

  constructor(make: (object: T) => V) {
    this.#make = make;
  }

  set(object: T): void {
    const { namespace = '', name = '' } = object.metadata;
    let values = this.#namespaces.get(namespace);
    if (values === undefined) {
      values = new Map();
      this.#namespaces.set(namespace, values);
    }
    values.set(name, this.#make(object));
  }

  delete({ metadata: { namespace = '', name = '' } }: T): void {
    const values = this.#namespaces.get(namespace);
    values?.delete(name);
    if (values?.size === 0) this.#namespaces.delete(namespace);
  }

  /** By name, in no order; undefined when there is none. */
  in(namespace: string): ReadonlyMap<string, V> | undefined {
    return this.#namespaces.get(namespace);
  }
}
