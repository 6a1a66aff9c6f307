import type { MigratedObject, MigratedResource, ObjectPage } from '@keelson/controllers/storage-migration';
import type { KubeClient, KubeObject, ListMeta } from '@keelson/machinery';
import type { StoredResource } from './stored-resources.js';

const metadataOnly = (kind: string): string => `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;

/** A resource of any Kubernetes API server. An empty patch is the update that changes nothing. */
export class HttpResource implements MigratedResource {
  readonly #client: KubeClient;
  readonly #resource: StoredResource;
  readonly #root: string;

  constructor(client: KubeClient, resource: StoredResource) {
    const { group, version } = resource;
    this.#client = client;
    this.#resource = resource;
    this.#root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  }

  async page(continueToken: string | undefined, limit: number): Promise<ObjectPage> {
    const query = new URLSearchParams({ limit: String(limit), ...(continueToken !== undefined && { continue: continueToken }) });
    const { items, metadata } = await this.#client.json<{ items: KubeObject[] | null; metadata: ListMeta }>({
      path: `${this.#root}/${this.#resource.resource}?${query}`,
      accept: metadataOnly('PartialObjectMetadataList'),
    });
    return {
      // Kubernetes writes null where there are none.
      objects: (items ?? []).map(({ metadata: { namespace = '', name = '', resourceVersion = '' } }) => ({
        namespace,
        name,
        resourceVersion,
      })),
      ...(metadata.continue && { continueToken: metadata.continue }),
      ...(metadata.remainingItemCount !== undefined && { remaining: metadata.remainingItemCount }),
    };
  }

  async touch({ namespace, name }: MigratedObject): Promise<string> {
    const { resource, namespaced } = this.#resource;
    const within = namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    const { metadata } = await this.#client.json<KubeObject>({
      method: 'PATCH',
      path: `${this.#root}${within}/${resource}/${encodeURIComponent(name)}?fieldManager=keelson-storage-migrate`,
      accept: metadataOnly('PartialObjectMetadata'),
      contentType: 'application/merge-patch+json',
      body: '{}',
    });
    return metadata.resourceVersion ?? '';
  }
}
