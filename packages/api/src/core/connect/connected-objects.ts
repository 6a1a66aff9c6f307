import { type KubeObject, notFound } from '@keelson/machinery';
import type { Resource } from '@keelson/server';

/** An object that a connection is about; throws 404. */
export async function connectedObject<T extends KubeObject>(resource: Resource, namespace: string, name: string): Promise<T> {
  const { object } = await resource.store.get(resource.path(namespace, name), { at: 'consistent' });
  if (object === undefined) throw notFound(resource, name);
  return resource.form.decode(object.value, 'managedFields') as T;
}
