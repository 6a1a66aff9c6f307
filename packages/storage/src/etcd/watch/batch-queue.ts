import type { WatchBatch } from '../../kv.js';

/** Events a reader may be behind before the sender is told to wait. */
const PAUSE_AT_EVENTS = 10_000;
const RESUME_AT_EVENTS = 2000;

/** Lets the sender wait for the reader. */
export interface FlowControl {
  pause(): void;
  resume(): void;
}

/** Batches between the stream that brings them and the one reader that takes them. */
export class BatchQueue implements AsyncIterator<WatchBatch, undefined> {
  readonly #flow: FlowControl;
  readonly #stopped: () => void;
  readonly #batches: WatchBatch[] = [];
  #events = 0;
  #paused = false;
  #end: { readonly error?: Error } | undefined;
  #waiting: PromiseWithResolversOf<IteratorResult<WatchBatch, undefined>> | undefined;

  /** `stopped` is called when the reader leaves before the end. */
  constructor(flow: FlowControl, stopped: () => void) {
    this.#flow = flow;
    this.#stopped = stopped;
  }

  push(batch: WatchBatch): void {
    if (this.#end) return;
    if (this.#waiting) {
      this.#waiting.resolve({ done: false, value: batch });
      this.#waiting = undefined;
      return;
    }
    this.#batches.push(batch);
    this.#events += batch.events.length;
    if (!this.#paused && this.#events > PAUSE_AT_EVENTS) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  /** No batch follows. What is queued is still delivered before an error, and dropped without one. */
  end(error?: Error): void {
    if (this.#end) return;
    this.#end = error ? { error } : {};
    if (!error) this.#batches.length = 0;
    if (!this.#waiting) return;
    if (error) this.#waiting.reject(error);
    else this.#waiting.resolve({ done: true, value: undefined });
    this.#waiting = undefined;
  }

  next(): Promise<IteratorResult<WatchBatch, undefined>> {
    const batch = this.#batches.shift();
    if (batch) {
      this.#taken(batch.events.length);
      return Promise.resolve({ done: false, value: batch });
    }
    if (this.#end?.error) {
      const { error } = this.#end;
      this.#end = {};
      return Promise.reject(error);
    }
    if (this.#end) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<WatchBatch, undefined>> {
    this.end();
    this.#stopped();
    return { done: true, value: undefined };
  }

  #taken(events: number): void {
    this.#events -= events;
    if (!this.#paused || this.#events > RESUME_AT_EVENTS) return;
    this.#paused = false;
    this.#flow.resume();
  }
}

interface PromiseWithResolversOf<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}
