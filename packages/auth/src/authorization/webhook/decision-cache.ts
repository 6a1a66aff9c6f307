import type { AuthorizationDecision } from '@keelson/machinery';

interface Kept {
  readonly decision: AuthorizationDecision;
  readonly expiresAtMs: number;
}

/** Decisions for as long as they may be out of date; the least recently used give way to new ones. */
export class DecisionCache {
  readonly #maxEntries: number;
  readonly #nowMs: () => number;
  /** In the order of their last use. */
  readonly #kept = new Map<string, Kept>();

  constructor(maxEntries: number, nowMs = () => performance.now()) {
    this.#maxEntries = maxEntries;
    this.#nowMs = nowMs;
  }

  get(key: string): AuthorizationDecision | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    if (kept.expiresAtMs <= this.#nowMs()) return undefined;
    this.#kept.set(key, kept);
    return kept.decision;
  }

  /** `ttlMs` 0: it is not kept. */
  set(key: string, decision: AuthorizationDecision, ttlMs: number): void {
    if (ttlMs <= 0) return;
    this.#kept.delete(key);
    this.#kept.set(key, { decision, expiresAtMs: this.#nowMs() + ttlMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#maxEntries && oldest !== undefined) this.#kept.delete(oldest);
  }
}
