import { setImmediate as nextTurn } from 'node:timers/promises';

/** One change of the store's databases, committed whole or not at all. */
export interface Mutation {
  /** Issues the writes. */
  apply(): void;
  readonly bytes: number;
  committed(): void;
  failed(error: Error): void;
}

export interface GroupCommitHooks {
  /** Applies the mutations in order as one atomic commit, and makes it durable and visible; throws when nothing was done. */
  commit(batch: readonly Mutation[]): Promise<void>;
  /** A commit failed, and all that waits fails with it: called at once before they are told. */
  failing(): void;
  /** The next piece of background work, to ride along with `writes` mutations in one commit. */
  background(writes: number): Mutation | undefined;
}

/** What one commit may carry, so that none takes long. */
const MAX_BATCH = 2048;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/**
 * Commits mutations in the order they were added, as many at once as have gathered while the commit before was being
 * synced to disk. Each may build on those before it: when a commit fails, everything behind it fails too.
 */
export class GroupCommit {
  readonly #hooks: GroupCommitHooks;
  #queue: Mutation[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(hooks: GroupCommitHooks) {
    this.#hooks = hooks;
  }

  /** Bytes that wait to be committed. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  add(mutation: Mutation): void {
    this.#queue.push(mutation);
    this.#waitingBytes += mutation.bytes;
    this.run();
  }

  /** Looks for work, in the background too. */
  run(): void {
    this.#running ??= this.#commitAll().finally(() => {
      this.#running = undefined;
      if (this.#queue.length > 0) this.run();
    });
  }

  /** Resolves when everything added is settled and no background work is left. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #commitAll(): Promise<void> {
    for (;;) {
      // Lets the writes of this turn of the event loop gather.
      await nextTurn();
      const writes = this.#takeBatch();
      const background = this.#hooks.background(writes.length);
      const batch = background === undefined ? writes : [background, ...writes];
      if (batch.length === 0) return;
      await this.#commit(batch);
    }
  }

  async #commit(batch: readonly Mutation[]): Promise<void> {
    try {
      await this.#hooks.commit(batch);
    } catch (error) {
      this.#fail(batch, error as Error);
      return;
    }
    this.#waitingBytes -= bytesOf(batch);
    for (const mutation of batch) mutation.committed();
  }

  #fail(batch: readonly Mutation[], error: Error): void {
    const failed = [...batch, ...this.#queue];
    this.#queue = [];
    this.#waitingBytes = 0;
    this.#hooks.failing();
    for (const mutation of failed) mutation.failed(error);
  }

  #takeBatch(): Mutation[] {
    let bytes = 0;
    const end = this.#queue.findIndex((mutation, index) => {
      bytes += mutation.bytes;
      return index > 0 && (index >= MAX_BATCH || bytes > MAX_BATCH_BYTES);
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }
}

function bytesOf(batch: readonly Mutation[]): number {
  return batch.reduce((sum, mutation) => sum + mutation.bytes, 0);
}
