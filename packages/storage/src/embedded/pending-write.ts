import { encodeChange } from './change-record.js';
import type { Mutation } from './group-commit.js';
import { type ExpiryKey, encodeNumber, type Layout } from './layout.js';
import type { RecentChange } from './recent-changes.js';

/** What a write does about expiry. */
export interface WriteExpiry {
  /** When the value is to expire. */
  readonly expiresAtMs?: number;
  /** The expiry that this write, a delete, carries out. */
  readonly expired?: ExpiryKey;
}

/** A write that has its revision but is not on disk yet. */
export class PendingWrite implements Mutation {
  readonly change: RecentChange;
  readonly expiry: WriteExpiry;
  /** Resolves when the write is durable and shown. */
  readonly done: Promise<void>;
  readonly #layout: Layout;
  #resolve!: () => void;
  #reject!: (error: Error) => void;

  constructor(layout: Layout, change: RecentChange, expiry: WriteExpiry = {}) {
    this.#layout = layout;
    this.change = change;
    this.expiry = expiry;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever waits sees a failure; writes that nobody waits for (expiry) are tried again.
    this.done.catch(() => undefined);
  }

  get bytes(): number {
    return this.change.key.length + (this.change.value?.length ?? 0);
  }

  /** The key's head as the next writer sees it. */
  get head(): number {
    return this.change.type === 'delete' ? -this.change.modRevision : this.change.modRevision;
  }

  apply(): void {
    const { key, modRevision, value } = this.change;
    const { heads, changes, values, expiries, counters } = this.#layout;
    heads.put(Buffer.from(key), encodeNumber(this.head));
    changes.put(modRevision, encodeChange(this.change));
    if (value !== undefined) values.put(modRevision, value);
    const { expiresAtMs, expired } = this.expiry;
    if (expiresAtMs !== undefined) expiries.put([expiresAtMs, modRevision], Buffer.from(key));
    if (expired !== undefined) expiries.remove(expired);
    counters.put('revision', encodeNumber(modRevision));
  }

  committed(): void {
    this.#resolve();
  }

  failed(error: Error): void {
    this.#reject(error);
  }
}
