import type { AuditEvent } from '../audit-event.js';
import type { LostEvents } from '../lost-events.js';
import type { AuditBackend } from './audit-backend.js';
import type { AuditOutput } from './audit-output.js';
import { HeldRecords } from './held-records.js';
import { TokenBucket } from './token-bucket.js';

export interface BatchingOptions {
  /** Events that may wait for their batch. */
  readonly bufferSize: number;
  /** Events in a batch. */
  readonly maxBatchSize: number;
  /** The same in bytes; one event may be larger. */
  readonly maxBatchBytes: number;
  /** A batch that is not full leaves this long after its first event. */
  readonly maxWaitMs: number;
  readonly throttle: { readonly perSecond: number; readonly burst: number } | undefined;
  /** Batches that may be under way at once. */
  readonly concurrency: number;
}

/** Takes events without making anybody wait, and writes them in batches. What finds no room is lost, and counted. */
export class BatchingBackend implements AuditBackend {
  readonly #output: AuditOutput;
  readonly #lost: LostEvents;
  readonly #options: BatchingOptions;
  readonly #bucket: TokenBucket | undefined;
  readonly #held = new HeldRecords();
  #queue: Buffer[] = [];
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;
  /** What is there is to leave although it fills no batch. */
  #due = false;
  #closed = false;

  constructor(output: AuditOutput, lost: LostEvents, options: BatchingOptions) {
    this.#output = output;
    this.#lost = lost;
    this.#options = options;
    this.#bucket = options.throttle && new TokenBucket(options.throttle.perSecond, options.throttle.burst);
  }

  process(event: AuditEvent): boolean {
    if (this.#closed) this.#lost.add('buffered', 1, new Error('audit backend shut down'));
    else this.#add(this.#output.record(event));
    return true;
  }

  async close(late: AbortSignal): Promise<void> {
    this.#closed = true;
    this.#due = true;
    this.#send();
    await this.#held.none(late);
    clearTimeout(this.#timer);
    if (this.#queue.length > 0) this.#lost.add('buffered', this.#queue.length, new Error('audit backend shut down'));
    this.#queue = [];
    await this.#output.close();
  }

  #add(record: Buffer): void {
    if (this.#queue.length >= this.#options.bufferSize || !this.#held.tryAdd(record)) {
      this.#lost.add('buffered', 1, new Error('audit buffer queue blocked'));
      return;
    }
    this.#queue.push(record);
    if (this.#queue.length >= this.#options.maxBatchSize) this.#send();
    else if (this.#timer === undefined && !this.#due) this.#wake(this.#options.maxWaitMs);
  }

  #send(): void {
    const { maxBatchSize, concurrency } = this.#options;
    while (this.#queue.length >= (this.#due ? 1 : maxBatchSize) && this.#underWay < concurrency) {
      const waitMs = this.#bucket?.take() ?? 0;
      if (waitMs > 0) {
        this.#wake(waitMs);
        return;
      }
      void this.#write(this.#nextBatch());
    }
    if (this.#queue.length === 0) this.#due = this.#closed;
  }

  #nextBatch(): Buffer[] {
    const { maxBatchSize, maxBatchBytes } = this.#options;
    let bytes = this.#queue[0]?.length ?? 0;
    let count = 1;
    while (count < maxBatchSize && count < this.#queue.length) {
      bytes += this.#queue[count]?.length ?? 0;
      if (bytes > maxBatchBytes) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #write(batch: readonly Buffer[]): Promise<void> {
    this.#underWay++;
    try {
      await this.#output.write(batch);
    } catch (error) {
      this.#lost.add(this.#output.name, batch.length, error);
    }
    this.#underWay--;
    this.#held.delete(batch);
    this.#send();
  }

  #wake(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#due = this.#queue.length > 0;
      this.#send();
    }, afterMs);
  }
}
