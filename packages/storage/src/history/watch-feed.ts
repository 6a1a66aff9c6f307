import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KvWatchOptions, Revision, WatchBatch } from '../kv.js';
import { StorageError } from '../storage-error.js';

/** What watches read from: every kept change of a store. */
export interface History {
  /** The last change that may be shown. */
  readonly revision: Revision;
  /**
   * Changes of `prefix` from `from` (at most `revision` + 1) on, never later ones than `revision`. May stop after a
   * bounded amount of work; the batch's revision says how far it came. Throws `compacted`.
   */
  read(prefix: string, from: Revision, withPrevious: boolean): WatchBatch;
}

/** A change as far as waking watchers needs it. */
export interface PublishedChange {
  readonly key: string;
  readonly modRevision: Revision;
}

/**
 * The open watches of a store. A watch is only a position in history and holds no queue: a slow reader costs nothing,
 * delays nobody, and fails with `compacted` once history behind its position is gone.
 */
export class WatchFeed {
  readonly #history: History;
  readonly #watches = new Set<Watch>();
  #closed = false;

  constructor(history: History) {
    this.#history = history;
  }

  async *watch(prefix: string, from: Revision, options: KvWatchOptions): AsyncGenerator<WatchBatch, void, void> {
    const watch = new Watch(prefix, from);
    const onAbort = () => watch.wake();
    options.signal.addEventListener('abort', onAbort, { once: true });
    this.#watches.add(watch);
    try {
      while (!options.signal.aborted) {
        if (this.#closed) throw new StorageError('closed', 'the store is closed');
        const batch = this.#next(watch, options.previous === true);
        if (batch !== undefined) yield batch;
        if (watch.position <= this.#history.revision) await nextTurn();
        else if (!watch.progressDue && !options.signal.aborted && !this.#closed) await watch.sleep();
      }
    } finally {
      this.#watches.delete(watch);
      options.signal.removeEventListener('abort', onAbort);
    }
  }

  /** Tells of changes that `history` now shows. Sleeping watches that they do not concern move on without waking. */
  publish(changes: readonly PublishedChange[]): void {
    const behind = this.#history.revision + 1;
    for (const watch of this.#watches) {
      if (!watch.asleep) continue;
      if (changes.some((change) => watch.concerns(change))) watch.wake();
      else watch.position = Math.max(watch.position, behind);
    }
  }

  requestProgress(): void {
    for (const watch of this.#watches) {
      watch.progressDue = true;
      watch.wake();
    }
  }

  close(): void {
    this.#closed = true;
    for (const watch of this.#watches) watch.wake();
  }

  /** What the watch is to see next, or nothing when there is none yet. */
  #next(watch: Watch, withPrevious: boolean): WatchBatch | undefined {
    if (watch.position <= this.#history.revision) {
      const batch = this.#history.read(watch.prefix, watch.position, withPrevious);
      watch.position = batch.revision + 1;
      return batch.events.length > 0 ? batch : undefined;
    }
    if (!watch.progressDue) return undefined;
    watch.progressDue = false;
    return { events: [], revision: this.#history.revision };
  }
}

class Watch {
  readonly prefix: string;
  /** The next revision to look at; every earlier change has been delivered. */
  position: Revision;
  progressDue = false;
  #wake: (() => void) | undefined;

  constructor(prefix: string, position: Revision) {
    this.prefix = prefix;
    this.position = position;
  }

  get asleep(): boolean {
    return this.#wake !== undefined;
  }

  concerns(change: PublishedChange): boolean {
    return change.modRevision >= this.position && change.key.startsWith(this.prefix);
  }

  sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
