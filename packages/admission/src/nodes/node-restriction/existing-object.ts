import { findObject, type KubeObject, notFound, type ObjectReader } from '@keelson/machinery';

/** From the cache, or, where that may not have heard of it yet, from the store. Throws 404, which calls it by its `kind`. */
export async function existingObject<T extends KubeObject>(
  reader: ObjectReader<T>,
  kind: string,
  namespace: string,
  name: string,
  group = '',
): Promise<T> {
  const found = await findObject(reader, namespace, name);
  if (found === undefined) throw notFound({ group, resource: kind }, name);
  return found;
}
