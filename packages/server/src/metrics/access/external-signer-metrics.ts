import { CounterFamily, GaugeFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** How calls of the signer of service account tokens go, where it is another program. Nothing is shown where there is none. */
export class ExternalSignerMetrics {
  readonly #fetches: CounterFamily;
  readonly #signatures: CounterFamily;
  readonly #calls: HistogramFamily;
  readonly #fetchedAt: GaugeFamily;
  readonly #dataOf: GaugeFamily;

  constructor(registry: MetricsRegistry) {
    const name = (of: string) => `apiserver_externaljwt_${of}`;
    const at = 'in seconds since 1970';
    this.#fetchedAt = registry.add(
      new GaugeFamily(name('fetch_keys_success_timestamp'), `[ALPHA] When the keys were fetched last, ${at}.`, []),
    );
    this.#dataOf = registry.add(
      new GaugeFamily(name('fetch_keys_data_timestamp'), `[ALPHA] When the signer learned of the keys fetched last, ${at}.`, []),
    );
    this.#fetches = registry.add(
      new CounterFamily(name('fetch_keys_request_total'), '[ALPHA] Attempts to fetch the keys, by result.', ['code']),
    );
    this.#signatures = registry.add(
      new CounterFamily(name('sign_request_total'), '[ALPHA] Attempts to have a token signed, by result.', ['code']),
    );
    this.#calls = registry.add(
      new HistogramFamily(
        name('request_duration_seconds'),
        '[ALPHA] Time of calls of the signer, by method and result.',
        ['method', 'code'],
        seconds,
      ),
    );
  }

  readonly onCall = (method: string, code: string, durationMs: number): void => this.#calls.child(method, code).observe(durationMs / 1000);

  readonly onSign = (code: string): void => this.#signatures.child(code).add();

  readonly onFetch = (code: string, dataSeconds?: number): void => {
    this.#fetches.child(code).add();
    if (dataSeconds === undefined) return;
    this.#fetchedAt.child().value = Date.now() / 1000;
    this.#dataOf.child().value = dataSeconds;
  };
}
