import type { CasResult, Revision } from '../kv.js';
import { StorageError } from '../storage-error.js';
import type { ChangeHistory } from './change-history.js';
import { toStorageError } from './commit-error.js';
import { GroupCommit, type Mutation } from './group-commit.js';
import { decodeNumber, type ExpiryKey, encodeNumber, type Layout, usedBytes } from './layout.js';
import { PendingWrite, type WriteExpiry } from './pending-write.js';
import type { RecentChange } from './recent-changes.js';
import { Snapshot } from './snapshot.js';
import { sweepSlice } from './sweep.js';

/** More than this waiting to be written means the disk does not keep up. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Changes swept with a commit of their own: a write that comes meanwhile waits for it. */
const SWEEP_ALONE = 64;
/** Changes swept, at least, with a commit of writes. */
const SWEEP_ALONG = 16;

/**
 * The only writer of a store. It decides compare-and-sets at once, in memory, on the state that the writes before will
 * leave, and answers when that state is durable: nobody sees what a crash could undo.
 */
export class Writer {
  readonly #layout: Layout;
  readonly #history: ChangeHistory;
  readonly #shown: (changes: readonly RecentChange[]) => void;
  readonly #commits: GroupCommit;
  /** The newest write of each key that is not durable yet. */
  readonly #pending = new Map<string, PendingWrite>();
  #assigned: Revision;
  #usedBytes: number;
  readonly #maxBytes: number;
  #sweeping = true;
  readonly #sweepWaiters: (() => void)[] = [];

  /** Of the data file's pages in use, as of the last commit. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** `shown` is told of durable changes after they entered the history and before their writers are. */
  constructor(layout: Layout, history: ChangeHistory, shown: (changes: readonly RecentChange[]) => void, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#usedBytes = usedBytes(layout);
    this.#layout = layout;
    this.#history = history;
    this.#shown = shown;
    this.#assigned = history.revision;
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      failing: () => this.#forgetPending(),
      background: (writes) => this.#sweepSlice(writes),
    });
    this.#commits.run();
  }

  /** Writes `value`, or deletes for undefined, if the key is at `expected`. */
  async compareAndSet(key: string, expected: Revision, value: Buffer | undefined, expiry: WriteExpiry = {}): Promise<CasResult> {
    for (;;) {
      const pending = this.#pending.get(key);
      const head = this.#headOf(key);
      if (Math.max(head, 0) === expected) {
        if (value === undefined && expected === 0) return { ok: true, revision: this.#history.revision };
        const write = this.#enqueue(key, head, value, expiry);
        await write.done;
        return { ok: true, revision: write.change.modRevision };
      }
      if (pending === undefined) return this.#conflict(key);
      // It lost to a write that is not durable yet. Should that one fail, this one has another chance.
      await pending.done.catch(() => undefined);
    }
  }

  /** Carries out a due expiry: deletes the key unless it was written again since. */
  async expire(key: string, expiry: ExpiryKey): Promise<void> {
    const head = this.#headOf(key);
    if (head === expiry[1]) await this.#enqueue(key, head, undefined, { expired: expiry }).done;
    else await this.#run(() => this.#layout.expiries.remove(expiry));
  }

  /** Makes `revision` the oldest kept one. What lies before is swept in the background. */
  async compact(revision: Revision): Promise<void> {
    await this.#run(() => this.#layout.counters.put('compacted', encodeNumber(revision)));
    this.#history.compactedTo(revision);
    this.#sweeping = true;
    this.#commits.run();
  }

  /** Resolves when everything compacted so far is swept, or sweeping has failed until the next compaction. */
  async swept(): Promise<void> {
    if (this.#sweeping) await new Promise<void>((resolve) => this.#sweepWaiters.push(resolve));
  }

  /** Finishes the writes; sweeping goes on when the store is opened again. */
  async stop(): Promise<void> {
    this.#stopSweeping();
    await this.#commits.idle();
  }

  /** Revision of the key's newest write, durable or not; negative for a delete, 0 for none. */
  #headOf(key: string): number {
    return this.#pending.get(key)?.head ?? decodeNumber(this.#layout.heads.get(Buffer.from(key))) ?? 0;
  }

  #enqueue(key: string, head: number, value: Buffer | undefined, expiry: WriteExpiry): PendingWrite {
    // Deletes go through, as do expiry and compaction: they make room.
    if (value !== undefined && this.#usedBytes >= this.#maxBytes) throw new StorageError('rejected', 'the store is full');
    if (this.#commits.waitingBytes > MAX_WAITING_BYTES) throw new StorageError('unavailable', 'too many writes are waiting for the disk');
    const change: RecentChange = {
      key,
      type: value === undefined ? 'delete' : 'put',
      modRevision: ++this.#assigned,
      created: value !== undefined && head <= 0,
      previous: Math.abs(head),
      ...(value !== undefined && { value }),
    };
    const write = new PendingWrite(this.#layout, change, expiry);
    this.#pending.set(key, write);
    this.#commits.add(write);
    return write;
  }

  #run(apply: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#commits.add({ apply, bytes: 0, committed: resolve, failed: reject });
    });
  }

  async #commit(batch: readonly Mutation[]): Promise<void> {
    const writes = batch.filter((mutation) => mutation instanceof PendingWrite);
    try {
      await this.#layout.root.batch(() => {
        for (const mutation of batch) mutation.apply();
      });
    } catch (error) {
      throw await toStorageError(error);
    }
    this.#usedBytes = usedBytes(this.#layout);
    this.#history.add(writes.map((write) => write.change));
    for (const write of writes) if (this.#pending.get(write.change.key) === write) this.#pending.delete(write.change.key);
    if (writes.length > 0) this.#shown(writes.map((write) => write.change));
  }

  /** Nothing that is not durable will be: the next write builds on what is. */
  #forgetPending(): void {
    this.#pending.clear();
    this.#assigned = this.#history.revision;
  }

  #sweepSlice(writes: number): Mutation | undefined {
    if (!this.#sweeping) return undefined;
    // Along with writes never slower than history grows.
    const limit = writes === 0 ? SWEEP_ALONE : Math.max(SWEEP_ALONG, 2 * writes);
    const apply = sweepSlice(this.#layout, this.#history.compacted, limit);
    if (apply === undefined) {
      this.#stopSweeping();
      return undefined;
    }
    return { apply, bytes: 0, committed: () => undefined, failed: () => this.#stopSweeping() };
  }

  #stopSweeping(): void {
    this.#sweeping = false;
    for (const resolve of this.#sweepWaiters.splice(0)) resolve();
  }

  #conflict(key: string): CasResult {
    const snapshot = new Snapshot(this.#layout);
    try {
      const revision = snapshot.revisionOf(key, snapshot.revision);
      const current = revision === undefined ? undefined : snapshot.read({ key, revision });
      return { ok: false, revision: snapshot.revision, ...(current && { current }) };
    } finally {
      snapshot.release();
    }
  }
}
