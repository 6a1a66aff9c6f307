/** Silence after which the peer is asked for a sign of life; etcd takes offence at less than 5 s. */
const SILENCE_MS = 10_000;
/** The time it has for that. */
const ANSWER_MS = 3000;

export interface KeepaliveOptions {
  /** Whether an answer is waited for: without, nobody minds whether the peer is there. */
  readonly active: () => boolean;
  readonly ping: () => void;
  readonly dead: () => void;
}

/** Notices a peer that is gone without a word, while calls wait for it. */
export class Keepalive {
  readonly #options: KeepaliveOptions;
  #heardAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #asked = false;

  constructor(options: KeepaliveOptions) {
    this.#options = options;
  }

  /** There are calls again. */
  watch(): void {
    this.heard();
    if (this.#timer === undefined) this.#wait(SILENCE_MS);
  }

  heard(): void {
    this.#heardAtMs = performance.now();
    this.#asked = false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(ms: number): void {
    // Timers come first in a turn of the loop: what has arrived while this process was busy is read before it is judged.
    this.#timer = setTimeout(() => setImmediate(() => this.#check()), ms).unref();
  }

  #check(): void {
    if (this.#timer === undefined) return;
    this.#timer = undefined;
    if (!this.#options.active()) return;
    const silentMs = performance.now() - this.#heardAtMs;
    if (this.#asked) this.#options.dead();
    else if (silentMs < SILENCE_MS) this.#wait(SILENCE_MS - silentMs);
    else this.#ask();
  }

  #ask(): void {
    this.#asked = true;
    this.#options.ping();
    this.#wait(ANSWER_MS);
  }
}
