import type { HealthEndpoint } from '../health/health-checks.js';
import { CounterFamily, GaugeFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** Health checks by name, for `/metrics/slis`. */
export class HealthMetrics {
  readonly #state = new GaugeFamily('kubernetes_healthcheck', '[STABLE] Result of the last run of a health check.', ['name', 'type']);
  readonly #runs = new CounterFamily('kubernetes_healthchecks_total', '[STABLE] Runs of health checks, by result.', [
    'name',
    'type',
    'status',
  ]);

  constructor(registry: MetricsRegistry) {
    registry.add(this.#state);
    registry.add(this.#runs);
  }

  /** For `HealthChecks`. */
  readonly onResult = (name: string, endpoint: HealthEndpoint, passed: boolean): void => {
    this.#state.child(name, endpoint).value = passed ? 1 : 0;
    this.#runs.child(name, endpoint, passed ? 'success' : 'error').add();
  };
}
