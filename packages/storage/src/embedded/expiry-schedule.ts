/** The longest delay a Node timer takes. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** One timer for the next expiry, whichever that is. Does not keep the process alive. */
export class ExpirySchedule {
  readonly #nowMs: () => number;
  readonly #due: () => void;
  #timer: NodeJS.Timeout | undefined;
  #atMs = Number.POSITIVE_INFINITY;
  #stopped = false;

  /** `due` is called when a noted time has come, and may be called early; what it leaves over it must note again. */
  constructor(nowMs: () => number, due: () => void) {
    this.#nowMs = nowMs;
    this.#due = due;
  }

  /** Something expires at `atMs`. */
  note(atMs: number): void {
    if (atMs >= this.#atMs || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#atMs = atMs;
    const delayMs = Math.min(Math.max(0, atMs - this.#nowMs()), MAX_DELAY_MS);
    this.#timer = setTimeout(() => {
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#due();
    }, delayMs).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
