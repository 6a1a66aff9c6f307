import { clientBounds } from '@keelson/machinery';
import { CounterFamily, GaugeFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

/** What the cache of bearer tokens does: its observer. */
export class TokenCacheMetrics {
  readonly #requests: CounterFamily;
  readonly #durations: HistogramFamily;
  readonly #fetches: CounterFamily;
  readonly #active: GaugeFamily;

  constructor(registry: MetricsRegistry) {
    const name = (last: string) => `authentication_token_cache_${last}`;
    this.#durations = registry.add(
      new HistogramFamily(name('request_duration_seconds'), '[ALPHA] Time to look a token up.', ['status'], clientBounds),
    );
    this.#requests = registry.add(new CounterFamily(name('request_total'), '[ALPHA] Tokens looked up.', ['status']));
    this.#fetches = registry.add(new CounterFamily(name('fetch_total'), '[ALPHA] Tokens verified.', ['status']));
    this.#active = registry.add(new GaugeFamily(name('active_fetch_count'), '[ALPHA] Verifications of tokens under way.', ['status']));
  }

  readonly onRequest = (hit: boolean, durationMs: number): void => {
    const status = hit ? 'hit' : 'miss';
    this.#requests.child(status).value++;
    this.#durations.child(status).observe(durationMs / 1000);
  };

  readonly onFetch = (ok: boolean): void => this.#fetches.child(ok ? 'ok' : 'error').add();

  readonly onActive = (what: 'in_flight' | 'blocked', change: 1 | -1): void => {
    this.#active.child(what).value += change;
  };
}
