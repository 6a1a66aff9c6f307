/** Something that must be over at some time. */
export interface Timed {
  /** By `performance.now()`. */
  readonly deadlineMs: number;
}

/** One timer for all calls. It is set to the earliest deadline, and not touched when that call is over: later ones follow. */
export class Deadlines<T extends Timed> {
  readonly #expire: (late: T) => void;
  readonly #items = new Set<T>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(expire: (late: T) => void) {
    this.#expire = expire;
  }

  add(item: T): void {
    this.#items.add(item);
    if (item.deadlineMs < this.#dueMs) this.#wait(item.deadlineMs);
  }

  delete(item: T): void {
    this.#items.delete(item);
  }

  /** Does not keep the process alive: the connection does, while somebody waits for it. */
  #wait(untilMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = untilMs;
    // Timers come first in a turn of the loop: answers that have arrived while this process was busy are read before.
    this.#timer = setTimeout(() => setImmediate(() => this.#sweep()), Math.max(1, untilMs - performance.now())).unref();
  }

  #sweep(): void {
    const nowMs = performance.now();
    this.#dueMs = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const item of this.#items) {
      if (item.deadlineMs > nowMs) next = Math.min(next, item.deadlineMs);
      else this.#expireItem(item);
    }
    if (next < this.#dueMs) this.#wait(next);
  }

  #expireItem(item: T): void {
    this.#items.delete(item);
    this.#expire(item);
  }
}
