import type { Revision, StoredObject, WatchEvent, WatchHandle, WatchSink } from '@keelson/storage';
import type { Resource } from '../resource/resource.js';

export interface RoundReceiver {
  set(object: StoredObject): void;
  delete(object: StoredObject): void;
  /** Everything that was there has been told of: these paths. */
  complete(seen: ReadonlySet<string>): void;
  /** It ended by itself. */
  end(error?: unknown): void;
}

/** One watch of a mirror, from its initial objects on. After `stop` nothing is told any more. */
export class MirrorRound implements WatchSink {
  readonly #receiver: RoundReceiver;
  #seen: Set<string> | undefined = new Set();
  #watch: WatchHandle | undefined;
  #stopped = false;

  constructor(receiver: RoundReceiver) {
    this.#receiver = receiver;
  }

  start(store: Resource['store'], range: { readonly path: string }): void {
    store.watch(range, { from: { at: 'initial', freshness: { at: 'any' } } }, this).then(
      (watch) => {
        this.#watch = watch;
        if (this.#stopped) watch.stop();
      },
      (error: unknown) => this.end(error),
    );
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.stop();
  }

  event({ type, object }: WatchEvent): void {
    if (this.#stopped) return;
    this.#seen?.add(object.path);
    if (type === 'DELETED') this.#receiver.delete(object);
    else this.#receiver.set(object);
  }

  bookmark(_: Revision, initial: boolean): void {
    if (!initial || this.#seen === undefined || this.#stopped) return;
    this.#receiver.complete(this.#seen);
    this.#seen = undefined;
  }

  end(error?: unknown): void {
    if (!this.#stopped) this.#receiver.end(error);
  }
}
