import type { Verdict } from '@keelson/aggregator';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;

/**
 * Keeps replicas that see different things from writing in turn for ever: who was overwritten waits before it says the same again, and
 * twice as long each time. What is new is said at once.
 */
export class Disagreement {
  #written = '';
  #pauseMs = FIRST_PAUSE_MS;
  #silentUntilMs = 0;

  /** Whether to say `verdict`, which the object does not say now. */
  mayWrite(verdict: Verdict, nowMs: number): boolean {
    if (textOf(verdict) !== this.#written) return true;
    if (this.#silentUntilMs === 0) {
      this.#silentUntilMs = nowMs + this.#pauseMs;
      return false;
    }
    return nowMs >= this.#silentUntilMs;
  }

  written(verdict: Verdict): void {
    const text = textOf(verdict);
    this.#pauseMs = text === this.#written ? Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS) : FIRST_PAUSE_MS;
    this.#written = text;
    this.#silentUntilMs = 0;
  }
}

function textOf({ status, reason, message }: Verdict): string {
  return `${status} ${reason} ${message}`;
}
