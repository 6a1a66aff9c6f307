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
}

/**
 * Keys of things to look at. A key is worked on by one at a time, once more when it was added meanwhile, and again after a
 * while, ever longer, when that has failed or is not done yet.
 */
export class WorkQueue {
  readonly #options: Required<WorkQueueOptions>;
  /** In the order in which they were added. */
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  /** That were not the last ones. */
  readonly #tries = new Map<string, number>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  readonly #idle: (() => void)[] = [];
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = { workers: 4, ...options };
  }

  add(key: string): void {
    if (this.#stopped) return;
    clearTimeout(this.#retries.get(key));
    this.#retries.delete(key);
    this.#waiting.add(key);
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
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.workers) return;
      if (this.#running.has(key)) continue;
      this.#waiting.delete(key);
      this.#running.set(key, this.#run(key));
    }
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #run(key: string): Promise<void> {
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
    this.#next();
  }

  #retry(key: string): void {
    const tries = this.#tries.get(key) ?? 0;
    this.#tries.set(key, tries + 1);
    this.#addAfter(key, Math.min(FIRST_RETRY_MS * 2 ** tries, LONGEST_RETRY_MS));
  }

  #addAfter(key: string, afterMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#retries.get(key));
    this.#retries.set(key, setTimeout(() => this.add(key), afterMs).unref());
  }
}
