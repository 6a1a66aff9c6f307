import type { Following, GroupVersionResource, KubeObject, ObjectReceiver } from '@keelson/machinery';

/** Objects that a test makes known to those who follow them. */
export class FollowedObjects {
  readonly #receivers = new Map<string, ObjectReceiver>();
  readonly #objects = new Map<string, KubeObject>();

  follow<T extends KubeObject>({ resource }: GroupVersionResource, receiver: ObjectReceiver<T>): Following {
    this.#receivers.set(resource, receiver as ObjectReceiver);
    return { synced: Promise.resolve(), stop: () => undefined };
  }

  set(resource: string, object: KubeObject): void {
    this.#objects.set(`${resource}/${object.metadata.name}`, object);
    this.#receivers.get(resource)?.set(object);
  }

  delete(resource: string, name: string): void {
    const object = this.#objects.get(`${resource}/${name}`);
    if (object !== undefined) this.#receivers.get(resource)?.delete(object);
  }
}
