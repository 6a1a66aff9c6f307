import type { KvBackend, KvEvent, Revision, WatchBatch } from '../../kv.js';

/** A watch that a test reads step by step. */
export class WatchReader {
  readonly #abort = new AbortController();
  readonly #iterator: AsyncIterator<WatchBatch>;
  /** Everything read so far. */
  readonly batches: WatchBatch[] = [];

  constructor(backend: KvBackend, prefix: string, from: Revision, options: { readonly previous?: boolean } = {}) {
    this.#iterator = backend.watch(prefix, from, { ...options, signal: this.#abort.signal })[Symbol.asyncIterator]();
  }

  /** Undefined at the end of the watch. */
  async nextBatch(): Promise<WatchBatch | undefined> {
    const result = await this.#iterator.next();
    if (result.done) return undefined;
    this.batches.push(result.value);
    return result.value;
  }

  /** The next `count` events, which may come in several batches; progress reports between them are skipped. */
  async next(count: number): Promise<KvEvent[]> {
    const events: KvEvent[] = [];
    while (events.length < count) {
      const batch = await this.nextBatch();
      if (batch === undefined) throw new Error(`the watch ended after ${events.length} of ${count} events`);
      events.push(...batch.events);
    }
    return events;
  }

  /** Reads until everything up to `revision` has been delivered, and returns the events on the way. */
  async until(revision: Revision): Promise<KvEvent[]> {
    const events: KvEvent[] = [];
    for (;;) {
      const batch = await this.nextBatch();
      if (batch === undefined) throw new Error(`the watch ended before revision ${revision}`);
      events.push(...batch.events);
      if (batch.revision >= revision) return events;
    }
  }

  cancel(): void {
    this.#abort.abort();
  }
}
