export interface BreakerOptions {
  /** Failures in a row after which it opens. */
  readonly failures: number;
  /** How long it then stays open; twice as long after each probe that failed, too. */
  readonly openMs: number;
  /** The longest. */
  readonly mostOpenMs: number;
  /** Who has made a request wait so long that it was given up has failed. */
  readonly patienceMs: number;
  nowMs?(): number;
}

/**
 * Spares requests the wait for somebody who has failed several times in a row. Once that was so for a while one
 * request probes whether it still is.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  readonly #nowMs: () => number;
  #failures = 0;
  #openMs: number;
  /** When a probe may be made; undefined while it is closed. */
  #probeAtMs: number | undefined;
  #probing = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#openMs = options.openMs;
  }

  /** Whether to ask. Whoever is told to must tell how it went, or that it came to nothing. */
  enter(): boolean {
    if (this.#probeAtMs === undefined) return true;
    if (this.#probing || this.#nowMs() < this.#probeAtMs) return false;
    this.#probing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#probing = false;
    this.#probeAtMs = undefined;
    this.#openMs = this.#options.openMs;
  }

  /** True when it opens, or stays open for longer. */
  failed(): boolean {
    const { failures, mostOpenMs } = this.#options;
    const probed = this.#probing;
    this.#failures++;
    // Others that were under way when it opened tell nothing new.
    if (!probed && (this.#probeAtMs !== undefined || this.#failures < failures)) return false;
    if (probed) this.#openMs = Math.min(this.#openMs * 2, mostOpenMs);
    this.#probing = false;
    this.#probeAtMs = this.#nowMs() + this.#openMs;
    return true;
  }

  /** The request was given up, after such a wait, before anybody knew. True as for `failed`. */
  gaveUp(waitedMs: number): boolean {
    if (waitedMs >= this.#options.patienceMs) return this.failed();
    this.#probing = false;
    return false;
  }
}
