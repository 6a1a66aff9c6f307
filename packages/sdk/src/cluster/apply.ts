import type { JsonObject, KubeClient } from '@keelson/machinery';
import { resourcePath } from './resource-path.js';

const MANAGER = 'keelson-sdk';

/** Makes an object of the cluster say what this one says, whoever has said something else. `resource`: its plural. */
export async function apply(client: KubeClient, resource: string, object: JsonObject): Promise<void> {
  const [version = '', group = ''] = String(object.apiVersion).split('/').reverse();
  const { namespace, name } = object.metadata as { readonly namespace?: string; readonly name: string };
  const path = resourcePath({ group, version, resource }, namespace, name);
  await client.patch(`${path}?fieldManager=${MANAGER}&force=true`, object, 'apply-patch+yaml');
}
