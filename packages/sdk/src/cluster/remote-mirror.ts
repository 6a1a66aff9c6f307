import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type KubeClient, type KubeObject, type ListMeta, type Log, type ObjectReceiver } from '@keelson/machinery';

interface ObjectList<T extends KubeObject> {
  readonly metadata: ListMeta;
  readonly items?: readonly T[];
}

const PAGE = 500;
/** A watch is asked to end by itself after this, so that one whose connection died is noticed. */
const WATCH_SECONDS = 300;
const FIRST_RETRY_MS = 100;
const MOST_RETRY_MS = 10_000;

/** Follows the objects at a path of another server: lists them, then watches, and begins again where that ends. */
export class RemoteMirror<T extends KubeObject> {
  readonly #client: KubeClient;
  readonly #path: string;
  readonly #query: string;
  readonly #log: Log;
  readonly #objects = new Map<string, T>();
  readonly #receivers = new Set<ObjectReceiver<T>>();
  readonly #stopping = new AbortController();
  readonly #following: Promise<void>;
  readonly synced: Promise<void>;
  #onSynced: () => void = () => undefined;

  /** `query`: what narrows it, such as `fieldSelector=metadata.name%3Dx`. */
  constructor(client: KubeClient, path: string, query: string, log: Log) {
    this.#client = client;
    this.#path = path;
    this.#query = query === '' ? '' : `&${query}`;
    this.#log = log;
    this.synced = new Promise((resolve) => {
      this.#onSynced = resolve;
    });
    this.#following = this.#follow();
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  list(namespace: string): T[] {
    const all = [...this.#objects.values()];
    return namespace === '' ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** Tells of what is known, and of what becomes of it. */
  add(receiver: ObjectReceiver<T>): void {
    this.#receivers.add(receiver);
    for (const object of this.#objects.values()) receiver.set(object);
  }

  remove(receiver: ObjectReceiver<T>): void {
    this.#receivers.delete(receiver);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#onSynced();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    for (let pauseMs = FIRST_RETRY_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, MOST_RETRY_MS)) {
      try {
        let revision = await this.#list();
        this.#onSynced();
        pauseMs = FIRST_RETRY_MS;
        while (!signal.aborted) revision = await this.#watch(revision);
      } catch (error) {
        if (signal.aborted) return;
        if (!isExpired(error)) this.#log.warn('the watch of the cluster was interrupted', { path: this.#path, error });
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #list(): Promise<string> {
    const found = new Map<string, T>();
    for (let next = ''; ; ) {
      const page: ObjectList<T> = await this.#client.json({
        path: `${this.#path}?limit=${PAGE}${next}${this.#query}`,
        signal: this.#stopping.signal,
      });
      for (const object of page.items ?? []) found.set(keyOf(object), object);
      const { continue: token = '', resourceVersion = '' } = page.metadata;
      if (token === '') {
        this.#replace(found);
        return resourceVersion;
      }
      next = `&continue=${encodeURIComponent(token)}`;
    }
  }

  /** Gives where the next watch begins. */
  async #watch(from: string): Promise<string> {
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${from}${this.#query}`;
    // Whatever the server does, one more minute is enough.
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout((WATCH_SECONDS + 60) * 1000)]);
    let revision = from;
    for await (const { type, object } of this.#client.watch<T>(`${this.#path}?${query}`, signal)) {
      if (type === 'DELETED') this.#delete(object);
      else if (type !== 'BOOKMARK') this.#set(object);
      revision = object.metadata.resourceVersion ?? revision;
    }
    return revision;
  }

  #replace(found: ReadonlyMap<string, T>): void {
    for (const [key, object] of this.#objects) if (!found.has(key)) this.#delete(object);
    for (const [key, object] of found)
      if (this.#objects.get(key)?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#set(object);
  }

  #set(object: T): void {
    this.#objects.set(keyOf(object), object);
    for (const receiver of this.#receivers) receiver.set(object);
  }

  #delete(object: T): void {
    if (!this.#objects.delete(keyOf(object))) return;
    for (const receiver of this.#receivers) receiver.delete(object);
  }
}

function keyOf({ metadata: { namespace = '', name = '' } }: KubeObject): string {
  return `${namespace}/${name}`;
}

/** What is asked for is no longer there to be told: nothing is wrong with asking anew. */
function isExpired(error: unknown): boolean {
  return error instanceof ApiError && error.code === 410;
}
