import { CounterFamily, HistogramFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

const labels = ['protocol', 'transport'];
const seconds = [0.005, 0.025, 0.1, 0.5, 2.5, 12.5];

/** Connections that leave the server through a proxy of the egress configuration. */
export class EgressMetrics {
  readonly #starts: CounterFamily;
  readonly #durations: HistogramFamily;
  readonly #failures: CounterFamily;

  constructor(registry: MetricsRegistry) {
    const name = (of: string) => `apiserver_egress_dialer_dial_${of}`;
    this.#starts = registry.add(new CounterFamily(name('start_total'), '[ALPHA] Attempts to connect, by the proxy.', labels));
    this.#durations = registry.add(
      new HistogramFamily(name('duration_seconds'), '[ALPHA] Time to connect, by the proxy.', labels, seconds),
    );
    this.#failures = registry.add(
      new CounterFamily(name('failure_count'), '[ALPHA] Failures to connect, by the proxy and the stage.', [...labels, 'stage']),
    );
  }

  /** `stage` of a failure: `connect` before the proxy has been reached, `proxy` afterwards. */
  of(protocol: 'http_connect' | 'grpc', transport: 'tcp' | 'uds') {
    return {
      onStart: () => this.#starts.child(protocol, transport).add(),
      onConnected: (durationMs: number) => this.#durations.child(protocol, transport).observe(durationMs / 1000),
      onFailure: (stage: 'connect' | 'proxy') => this.#failures.child(protocol, transport, stage).add(),
    };
  }
}
