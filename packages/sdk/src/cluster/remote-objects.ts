import {
  type Following,
  type GroupVersionKind,
  type GroupVersionResource,
  hasReason,
  type KindResource,
  type KubeClient,
  type KubeObject,
  type Log,
  type ObjectAccess,
  type ObjectReader,
  type ObjectReceiver,
  type ObjectWriter,
} from '@keelson/machinery';
import { ClusterDiscovery } from './cluster-discovery.js';
import { RemoteMirror } from './remote-mirror.js';
import { resourcePath } from './resource-path.js';

/** A write that others were faster at is tried so often. */
const ATTEMPTS = 5;

/** The objects of a cluster, for parts that are written for those of the server they run in. What is asked for once is followed. */
export class RemoteObjects implements ObjectAccess {
  readonly #client: KubeClient;
  readonly #log: Log;
  readonly #mirrors = new Map<string, RemoteMirror<KubeObject>>();
  readonly #discovery: ClusterDiscovery;

  constructor(client: KubeClient, log: Log) {
    this.#client = client;
    this.#log = log;
    this.#discovery = new ClusterDiscovery(client, log);
  }

  /** Resolves when it knows what the cluster serves, and all of what is followed by now. */
  async start(): Promise<void> {
    await Promise.all([this.#discovery.start(), ...[...this.#mirrors.values()].map(({ synced }) => synced)]);
  }

  reader<T extends KubeObject>(gvr: GroupVersionResource): ObjectReader<T> {
    const mirror = async () => {
      const found = this.#mirror<T>(resourcePath(gvr));
      await found.synced;
      return found;
    };
    return {
      get: async (namespace, name) => (await mirror()).get(namespace, name),
      getLatest: (namespace, name) => this.#client.find<T>(resourcePath(gvr, namespace, name)),
      list: async (namespace) => (await mirror()).list(namespace),
      listLatest: async (namespace) => (await this.#client.get<{ readonly items?: T[] }>(resourcePath(gvr, namespace))).items ?? [],
    };
  }

  writer<T extends KubeObject>(gvr: GroupVersionResource): ObjectWriter<T> {
    return {
      create: (object) => this.#client.post<T>(resourcePath(gvr, object.metadata.namespace), object),
      update: (namespace, name, change) => this.#update<T>(resourcePath(gvr, namespace, name), '', change),
      updateStatus: (namespace, name, change) => this.#update<T>(resourcePath(gvr, namespace, name), '/status', change),
    };
  }

  follow<T extends KubeObject>(gvr: GroupVersionResource, receiver: ObjectReceiver<T>): Following {
    return this.#followAt(resourcePath(gvr), '', receiver);
  }

  /** Follows one object alone. */
  followOne<T extends KubeObject>(gvr: GroupVersionResource, namespace: string, name: string, receiver: ObjectReceiver<T>): Following {
    return this.#followAt(resourcePath(gvr, namespace), `fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`, receiver);
  }

  #followAt<T extends KubeObject>(path: string, query: string, receiver: ObjectReceiver<T>): Following {
    const mirror = this.#mirror<T>(path, query);
    mirror.add(receiver);
    return { synced: mirror.synced, stop: () => mirror.remove(receiver) };
  }

  resourcesOf(kind: GroupVersionKind): readonly KindResource[] {
    return this.#discovery.resourcesOf(kind);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#discovery.stop(), ...[...this.#mirrors.values()].map((mirror) => mirror.stop())]);
  }

  #mirror<T extends KubeObject>(path: string, query = ''): RemoteMirror<T> {
    const key = `${path}?${query}`;
    const known = this.#mirrors.get(key) ?? new RemoteMirror<KubeObject>(this.#client, path, query, this.#log);
    this.#mirrors.set(key, known);
    return known as unknown as RemoteMirror<T>;
  }

  async #update<T extends KubeObject>(path: string, subresource: string, change: (object: T) => void): Promise<string> {
    for (let left = ATTEMPTS; ; left--) {
      const object = await this.#client.get<T>(path);
      change(object);
      try {
        const { metadata } = await this.#client.put<T>(`${path}${subresource}`, object);
        return metadata.resourceVersion ?? '';
      } catch (error) {
        if (left <= 1 || !hasReason(error, 'Conflict')) throw error;
      }
    }
  }
}
