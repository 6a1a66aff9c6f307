import type { KubeObject, ObjectReceiver } from '@keelson/machinery';

/** What is made of each object of a resource, by namespace. */
export class NamespacedIndex<T extends KubeObject, V> implements ObjectReceiver<T> {
  readonly #make: (object: T, known: V | undefined) => V;
  readonly #namespaces = new Map<string, Map<string, V>>();

  /** `known` is what was made of the object before. */
  constructor(make: (object: T, known: V | undefined) => V) {
    this.#make = make;
  }

  set(object: T): void {
    const { namespace = '', name = '' } = object.metadata;
    this.put(namespace, name, this.#make(object, this.#namespaces.get(namespace)?.get(name)));
  }

  /** What is known otherwise than by the object. */
  put(namespace: string, name: string, value: V): void {
    let values = this.#namespaces.get(namespace);
    if (values === undefined) {
      values = new Map();
      this.#namespaces.set(namespace, values);
    }
    values.set(name, value);
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
