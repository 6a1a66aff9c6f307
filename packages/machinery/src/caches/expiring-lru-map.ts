import { LruMap } from './lru-map.js';

interface Kept<V> {
  readonly value: V;
  readonly expiresAtMs: number;
}

/** A map of bounded size that keeps values for as long as they may be out of date. */
export class ExpiringLruMap<K, V> {
  readonly #kept: LruMap<K, Kept<V>>;
  readonly #nowMs: () => number;

  constructor(maxSize: number, nowMs = () => performance.now()) {
    this.#kept = new LruMap(maxSize);
    this.#nowMs = nowMs;
  }

  get(key: K): V | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.expiresAtMs > this.#nowMs()) return kept.value;
    this.#kept.delete(key);
    return undefined;
  }

  /** `ttlMs` 0: it is not kept. */
  set(key: K, value: V, ttlMs: number): void {
    if (ttlMs > 0) this.#kept.set(key, { value, expiresAtMs: this.#nowMs() + ttlMs });
  }
}
