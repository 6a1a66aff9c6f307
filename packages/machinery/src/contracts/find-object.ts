import type { KubeObject } from '../meta/object.js';
import type { ObjectReader } from './objects.js';

/** From memory or, where that may not have heard of it yet, from the store. For where it would be wrong to say that there is none. */
export async function findObject<T extends KubeObject>(reader: ObjectReader<T>, namespace: string, name: string): Promise<T | undefined> {
  return (await reader.get(namespace, name)) ?? reader.getLatest(namespace, name);
}
