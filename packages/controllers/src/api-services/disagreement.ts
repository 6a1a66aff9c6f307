import type { Verdict } from '@keelson/aggregator';

/** What the object says. */
type Told = Partial<Pick<Verdict, 'status' | 'reason'>>;

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 600_000;

/**
 * Keeps replicas that see different things from writing in turn for ever: who was overwritten waits before it says the same again, and
 * twice as long each time. What is new is said at once, in other words for what is said already after such a pause.
 */
export class Disagreement {
  #written = '';
  #pauseMs = FIRST_PAUSE_MS;
  #silentUntilMs = 0;

  /** Whether to say `verdict`, which is not what the object says now: `told`. */
  mayWrite(verdict: Verdict, told: Told | undefined, nowMs: number): boolean {
    const saysMore = told?.status !== verdict.status || told.reason !== verdict.reason;
    if (saysMore && textOf(verdict) !== this.#written) return true;
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
