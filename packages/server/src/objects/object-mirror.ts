import type { KubeObject, ObjectReceiver } from '@keelson/machinery';
import type { Revision, StoredObject, WatchEvent, WatchHandle, WatchSink } from '@keelson/storage';
import type { ResourceVersion } from '../resource/resource-version.js';

/** A watch that was ended is begun again after this. */
const RETRY_MS = 100;

/** Follows the objects of a resource, of all namespaces or of one, for as long as the server lives, over the ends of single watches. */
export class ObjectMirror<T extends KubeObject> {
  readonly #version: ResourceVersion;
  readonly #receiver: ObjectReceiver<T>;
  readonly #onFailure: (error: unknown) => void;
  readonly #range: { readonly path: string };
  readonly #known = new Map<string, StoredObject>();
  #watch: WatchHandle | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #synced: () => void = () => undefined;

  /** `namespace` '': all. */
  constructor(version: ResourceVersion, receiver: ObjectReceiver<T>, onFailure: (error: unknown) => void, namespace = '') {
    this.#version = version;
    this.#receiver = receiver;
    this.#onFailure = onFailure;
    this.#range = { path: namespace === '' ? '' : `${namespace}/` };
  }

  /** Resolves when the receiver has been told of everything that is there. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#synced = resolve;
      this.#begin();
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#watch?.stop();
    this.#synced();
  }

  #begin(): void {
    const round = new Round({
      set: (object) => this.#set(object),
      delete: (object) => this.#delete(object),
      complete: (seen) => this.#complete(seen),
      end: (error) => this.#again(error),
    });
    const from = { at: 'initial', freshness: { at: 'any' } } as const;
    this.#version.resource.store.watch(this.#range, { from }, round).then(
      (watch) => {
        this.#watch = watch;
        if (this.#stopped) watch.stop();
      },
      (error: unknown) => this.#again(error),
    );
  }

  #set(object: StoredObject): void {
    if (this.#known.get(object.path)?.revision === object.revision) return;
    this.#known.set(object.path, object);
    this.#receiver.set(this.#version.object(object) as T);
  }

  #delete(object: StoredObject): void {
    if (this.#known.delete(object.path)) this.#receiver.delete(this.#version.object(object) as T);
  }

  /** What an earlier watch has told of and this one has not is gone. */
  #complete(seen: ReadonlySet<string>): void {
    for (const [path, object] of this.#known) if (!seen.has(path)) this.#delete(object);
    this.#synced();
  }

  #again(error: unknown): void {
    if (this.#stopped) return;
    if (error !== undefined) this.#onFailure(error);
    this.#retry = setTimeout(() => this.#begin(), RETRY_MS).unref();
  }
}

interface RoundReceiver {
  set(object: StoredObject): void;
  delete(object: StoredObject): void;
  /** Everything that was there has been told of: these paths. */
  complete(seen: ReadonlySet<string>): void;
  end(error?: Error): void;
}

/** One watch from its initial objects on. */
class Round implements WatchSink {
  readonly #receiver: RoundReceiver;
  #seen: Set<string> | undefined = new Set();

  constructor(receiver: RoundReceiver) {
    this.#receiver = receiver;
  }

  event({ type, object }: WatchEvent): void {
    this.#seen?.add(object.path);
    if (type === 'DELETED') this.#receiver.delete(object);
    else this.#receiver.set(object);
  }

  bookmark(_: Revision, initial: boolean): void {
    if (!initial || this.#seen === undefined) return;
    this.#receiver.complete(this.#seen);
    this.#seen = undefined;
  }

  end(error?: Error): void {
    this.#receiver.end(error);
  }
}
