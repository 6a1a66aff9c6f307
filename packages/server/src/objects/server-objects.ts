import type {
  Following,
  GroupVersionKind,
  GroupVersionResource,
  KindResource,
  KubeObject,
  Log,
  ObjectAccess,
  ObjectReader,
  ObjectReceiver,
  ObjectWriter,
} from '@keelson/machinery';
import type { DiscoveryCatalog } from '../discovery/discovery-catalog.js';
import { resourcesOfKind } from '../discovery/resources-of-kind.js';
import type { LoopbackClient } from '../loopback-client.js';
import type { ObjectMirror } from './object-mirror.js';

/** The objects of a server, for the parts it is made of: they get this before there is a server, which then connects itself. */
export class ServerObjects implements ObjectAccess {
  #connection: ServerConnection | undefined;
  readonly #followers: Follower[] = [];
  #started = false;

  connect(connection: ServerConnection): void {
    this.#connection = connection;
  }

  reader<T extends KubeObject>(gvr: GroupVersionResource): ObjectReader<T> {
    return {
      get: async (namespace, name) => this.#client(gvr)?.get(gvr, namespace, name, { at: 'any' }) as Promise<T | undefined>,
      getLatest: async (namespace, name) => this.#client(gvr)?.get(gvr, namespace, name) as Promise<T | undefined>,
      list: async (namespace) => ((await this.#client(gvr)?.list(gvr, namespace, { at: 'any' })) ?? []) as T[],
      listLatest: async (namespace) => ((await this.#client(gvr)?.list(gvr, namespace)) ?? []) as T[],
    };
  }

  writer<T extends KubeObject>(gvr: GroupVersionResource): ObjectWriter<T> {
    return {
      create: async (object) => (await this.#connected().client.create(gvr, object)) as T,
      update: async (namespace, name, change) => this.#connected().client.update(gvr, namespace, name, (object) => change(object as T)),
      updateStatus: async (namespace, name, change) =>
        this.#connected().client.updateStatus(gvr, namespace, name, (object) => change(object as T)),
    };
  }

  follow<T extends KubeObject>(gvr: GroupVersionResource, receiver: ObjectReceiver<T>): Following {
    const follower = new Follower(
      () => this.#mirror(gvr, receiver as unknown as ObjectReceiver),
      () => this.#forget(follower),
    );
    this.#followers.push(follower);
    if (this.#started) follower.start();
    return follower;
  }

  resourcesOf(kind: GroupVersionKind): readonly KindResource[] {
    return resourcesOfKind(this.#connected().catalog, kind);
  }

  /** Resolves when everybody who follows something has been told of what there is. */
  async start(): Promise<void> {
    this.#started = true;
    for (const follower of this.#followers) follower.start();
    await Promise.all(this.#followers.map(({ synced }) => synced));
  }

  stop(): void {
    for (const follower of [...this.#followers]) follower.stop();
  }

  #mirror(gvr: GroupVersionResource, receiver: ObjectReceiver): ObjectMirror<KubeObject> {
    const { client, log } = this.#connected();
    return client.mirror(gvr, receiver, (error) =>
      log.warn('the watch of a resource was interrupted', { group: gvr.group, resource: gvr.resource, error }),
    );
  }

  #forget(follower: Follower): void {
    this.#followers.splice(this.#followers.indexOf(follower), 1);
  }

  #client(gvr: GroupVersionResource): LoopbackClient | undefined {
    const { client } = this.#connected();
    return client.served.get(gvr) === undefined ? undefined : client;
  }

  #connected(): ServerConnection {
    if (this.#connection === undefined) throw new Error('objects are read before there is a server');
    return this.#connection;
  }
}

/** What there is to see once there is a server. */
export interface ServerConnection {
  readonly client: LoopbackClient;
  readonly catalog: DiscoveryCatalog;
  readonly log: Log;
}

/** What somebody asked to be told of, from before the server starts. */
class Follower implements Following {
  readonly synced: Promise<void>;
  readonly #mirror: () => ObjectMirror<KubeObject>;
  readonly #onStop: () => void;
  #running: ObjectMirror<KubeObject> | undefined;
  #onSynced: () => void = () => undefined;
  #stopped = false;

  constructor(mirror: () => ObjectMirror<KubeObject>, onStop: () => void) {
    this.#mirror = mirror;
    this.#onStop = onStop;
    this.synced = new Promise((resolve) => {
      this.#onSynced = resolve;
    });
  }

  start(): void {
    if (this.#stopped) return;
    this.#running = this.#mirror();
    void this.#running.start().then(this.#onSynced);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#running?.stop();
    this.#onSynced();
    this.#onStop();
  }
}
