/** The longest delay a Node timer takes. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** At most one pending expiry per key. Timers do not keep the process alive. */
export class ExpiryTimers {
  readonly #expire: (key: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(expire: (key: string) => void) {
    this.#expire = expire;
  }

  /** Replaces the key's pending expiry. */
  set(key: string, ttlSeconds: number): void {
    this.clear(key);
    this.#wait(key, ttlSeconds * 1000);
  }

  clear(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  clearAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #wait(key: string, delayMs: number): void {
    const stepMs = Math.min(delayMs, MAX_DELAY_MS);
    const timer = setTimeout(() => {
      if (delayMs > stepMs) return this.#wait(key, delayMs - stepMs);
      this.#timers.delete(key);
      this.#expire(key);
    }, stepMs);
    this.#timers.set(key, timer.unref());
  }
}
