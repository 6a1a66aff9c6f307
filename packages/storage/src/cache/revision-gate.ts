import type { Revision } from '../kv.js';

interface Waiter {
  readonly revision: Revision;
  readonly resolve: (reached: boolean) => void;
}

/** The revision up to which the caches show the store, and those who wait for it to come further. */
export class RevisionGate {
  #revision: Revision = 0;
  readonly #waiters = new Set<Waiter>();

  get revision(): Revision {
    return this.#revision;
  }

  advance(revision: Revision): void {
    if (revision <= this.#revision) return;
    this.#revision = revision;
    if (this.#waiters.size === 0) return;
    for (const waiter of this.#waiters) {
      if (waiter.revision > revision) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(true);
    }
  }

  /** Back to an earlier revision: only when the store itself went back. */
  rewind(revision: Revision): void {
    this.#revision = revision;
  }

  /** False when `revision` is not reached in time. */
  wait(revision: Revision, timeoutMs: number): Promise<boolean> {
    if (revision <= this.#revision) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        revision,
        resolve: (reached) => {
          clearTimeout(timer);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        resolve(false);
      }, timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Nothing will come any more. */
  close(): void {
    for (const waiter of this.#waiters) waiter.resolve(false);
    this.#waiters.clear();
  }
}
