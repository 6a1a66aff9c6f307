/** Times within a minute after which something rests. */
const MAX_TIMES = 6;
const MINUTE_MS = 60_000;

/** Keeps things from being done again and again: servers of two versions might each undo what the other has done. */
export class Frequency {
  readonly #times = new Map<string, number[]>();

  /** Whether it may be done once more, which is noted. Times are those of `performance.now()`. */
  allows(name: string, nowMs: number): boolean {
    const recent = (this.#times.get(name) ?? []).filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (recent.length >= MAX_TIMES) return false;
    this.#times.set(name, [...recent, nowMs]);
    return true;
  }

  forget(name: string): void {
    this.#times.delete(name);
  }
}
