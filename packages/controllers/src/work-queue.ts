import type { ObservedQueue, QueueInstruments } from '@keelson/server';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 60_000;

export interface WorkQueueOptions {
  /**
   * Looks at what a key stands for, and does what is to be done about it; `again`: as far as could be done by now; a number:
   * there may be more to do after so many milliseconds.
   */
  readonly work: (key: string) => Promise<void> | Promise<'again' | number | undefined>;
  readonly onFailure: (error: unknown) => void;
  /** How many keys are worked on at a time. */
  readonly workers?: number;
  readonly instruments?: QueueInstruments | undefined;
}

/**
 * Keys of things to look at. A key is worked on by one at a time, once more when it was added meanwhile, and again after a
 * while, ever longer, when that has failed or is not done yet.
 */
export class WorkQueue implements ObservedQueue {
  readonly #options: WorkQueueOptions & { readonly workers: number };
  /** In the order in which they were added: when that was. */
  readonly #waiting = new Map<string, number>();
  /** When the work on them was begun. */
  readonly #running = new Map<string, number>();
  /** That were not the last ones. */
  readonly #tries = new Map<string, number>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  readonly #idle: (() => void)[] = [];
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = { workers: 4, ...options };
    options.instruments?.watch(this);
  }

  get depth(): number {
    return this.#waiting.size;
  }

  startedAtMs(): Iterable<number> {
    return this.#running.values();
  }

  add(key: string): void {
    if (this.#stopped) return;
    clearTimeout(this.#retries.get(key));
    this.#retries.delete(key);
    if (!this.#waiting.has(key)) {
      this.#waiting.set(key, performance.now());
      this.#options.instruments?.added();
    }
    this.#next();
  }

  /** Resolves when every key has been worked on, whatever came of it. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#next();
    });
  }

  /** Resolves when no work is under way any more; what waits is dropped. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#retries.clear();
    await this.idle();
  }

  #next(): void {
    const { workers, instruments, onFailure } = this.#options;
    for (const [key, addedAtMs] of this.#waiting) {
      if (this.#running.size >= workers) return;
      if (this.#running.has(key)) continue;
      const nowMs = performance.now();
      this.#waiting.delete(key);
      this.#running.set(key, nowMs);
      instruments?.begun(nowMs - addedAtMs);
      this.#run(key, nowMs).catch(onFailure);
    }
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #run(key: string, startedAtMs: number): Promise<void> {
    try {
      const next = await this.#options.work(key);
      if (next === 'again') this.#retry(key);
      else {
        this.#tries.delete(key);
        if (next !== undefined) this.#addAfter(key, next);
      }
    } catch (error) {
      this.#options.onFailure(error);
      this.#retry(key);
    }
    this.#running.delete(key);
    this.#options.instruments?.done(performance.now() - startedAtMs);
    this.#next();
  }

  #retry(key: string): void {
    const tries = this.#tries.get(key) ?? 0;
    this.#tries.set(key, tries + 1);
    this.#addAfter(key, Math.min(FIRST_RETRY_MS * 2 ** tries, LONGEST_RETRY_MS));
  }

  #addAfter(key: string, afterMs: number): void {
    if (this.#stopped) return;
    this.#options.instruments?.retried();
    clearTimeout(this.#retries.get(key));
    this.#retries.set(key, setTimeout(() => this.add(key), afterMs).unref());
  }
}
