import { setTimeout as sleep } from 'node:timers/promises';
import type { KvBackend, KvEvent, Revision } from '../../kv.js';
import { isStorageError, StorageError } from '../../storage-error.js';

/** A write as its writer learned of it; every attempt writes a value of its own. */
interface Attempt {
  readonly key: string;
  readonly value: string;
  /** The revision of an acknowledged write, or what kept it from being acknowledged. */
  readonly outcome: Revision | 'conflict' | 'ambiguous' | 'refused';
}

/** Time between two writes of a writer: the fault matters, not the load. */
const PAUSE_MS = 2;

/**
 * Writers that each change a key of their own by compare-and-set, without end, and remember what they were told. What a
 * watch saw of it can then be held against that.
 */
export class CountingWriters {
  readonly #backend: KvBackend;
  readonly #prefix: string;
  readonly attempts: Attempt[] = [];
  readonly #writers: Promise<void>[];
  #stopping = false;

  constructor(backend: KvBackend, prefix: string, writers: number) {
    this.#backend = backend;
    this.#prefix = prefix;
    this.#writers = Array.from({ length: writers }, (_, index) => this.#write(`${prefix}${index}`));
  }

  get acknowledged(): number {
    return this.attempts.filter(({ outcome }) => typeof outcome === 'number').length;
  }

  /** Waits for `count` more acknowledged writes: whatever the fault was, the store is usable. */
  async progress(count: number): Promise<void> {
    const target = this.acknowledged + count;
    while (this.acknowledged < target) await sleep(10);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#writers);
  }

  /**
   * What is wrong with the events of a watch from before the first write, up to revision `end`: nothing, if each
   * acknowledged write is there at its revision, no refused one is, and no revision is missing, repeated or out of order.
   */
  faults(events: readonly KvEvent[], start: Revision, end: Revision): string[] {
    const faults: string[] = [];
    const revisions = events.map((event) => event.modRevision);
    for (let i = 0; i <= end - start - 1; i++) {
      if (revisions[i] !== start + 1 + i) {
        faults.push(`event ${i} has revision ${revisions[i]}, not ${start + 1 + i}`);
        break;
      }
    }
    if (revisions.length !== end - start) faults.push(`${revisions.length} events of ${end - start} revisions`);
    const seen = new Map(events.map((event) => [event.value?.toString(), event]));
    for (const { value, outcome } of this.attempts) {
      const event = seen.get(value);
      if (typeof outcome === 'number' && event?.modRevision !== outcome) {
        faults.push(`${value} was acknowledged at ${outcome} and seen at ${event?.modRevision}`);
      }
      if ((outcome === 'refused' || outcome === 'conflict') && event)
        faults.push(`${value} was ${outcome} and seen at ${event.modRevision}`);
    }
    const written = new Set(this.attempts.map(({ value }) => value));
    for (const value of seen.keys()) if (!written.has(value ?? '')) faults.push(`${value} was never written`);
    return faults;
  }

  async #write(key: string): Promise<void> {
    let expected: Revision = 0;
    for (let attempt = 0; !this.#stopping; attempt++) {
      const value = `${key.slice(this.#prefix.length)}:${attempt}`;
      const outcome = await this.#put(key, value, expected);
      this.attempts.push({ key, value, outcome });
      if (typeof outcome === 'number') expected = outcome;
      else expected = await this.#currentRevision(key, expected);
      await sleep(PAUSE_MS);
    }
  }

  async #put(key: string, value: string, expected: Revision): Promise<Attempt['outcome']> {
    try {
      const result = await this.#backend.put(key, Buffer.from(value), expected);
      return result.ok ? result.revision : 'conflict';
    } catch (error) {
      if (isStorageError(error, 'ambiguous')) return 'ambiguous';
      if (error instanceof StorageError) return 'refused';
      throw error;
    }
  }

  async #currentRevision(key: string, last: Revision): Promise<Revision> {
    try {
      return (await this.#backend.get(key)).kv?.modRevision ?? 0;
    } catch (error) {
      if (error instanceof StorageError) return last;
      throw error;
    }
  }
}
