/** A round that failed is tried again this soon. */
const RETRY_MS = 1_000;

/** Does something again and again: never twice at once, soon again after a failure, and to its end before it is stopped. */
export class RepeatedTask {
  readonly #task: () => Promise<void>;
  readonly #everyMs: number;
  readonly #onFailure: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #rounds: Promise<void> | undefined;
  #nextMs = 0;
  #shortenPause: (ms: number) => void = () => undefined;

  /** `everyMs` infinite: until it has succeeded once. */
  constructor(task: () => Promise<void>, everyMs: number, onFailure: (error: unknown) => void) {
    this.#task = task;
    this.#everyMs = everyMs;
    this.#onFailure = onFailure;
  }

  /** Resolves after the first round that succeeds, or when stopped before there was one. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#rounds ??= this.#run(resolve).finally(resolve);
    });
  }

  /** For whoever knows when there will be more to do: the next round begins after this time at the latest. */
  nextWithin(ms: number): void {
    this.#nextMs = Math.min(this.#nextMs, ms);
    this.#shortenPause(ms);
  }

  /** Resolves when no round is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#rounds;
  }

  async #run(onSuccess: () => void): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        this.#nextMs = this.#everyMs;
        await this.#task();
        onSuccess();
        if (this.#nextMs === Number.POSITIVE_INFINITY) return;
        await this.#pause(this.#nextMs);
      } catch (error) {
        this.#onFailure(error);
        await this.#pause(RETRY_MS);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
        this.#shortenPause = () => undefined;
        resolve();
      };
      let endsAtMs = performance.now() + ms;
      let timer = setTimeout(over, ms).unref();
      this.#shortenPause = (sooner) => {
        if (performance.now() + sooner >= endsAtMs) return;
        endsAtMs = performance.now() + sooner;
        clearTimeout(timer);
        timer = setTimeout(over, sooner).unref();
      };
      signal.addEventListener('abort', over);
      if (signal.aborted) over();
    });
  }
}
