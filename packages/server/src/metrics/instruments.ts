import { MetricsRegistry } from './metrics-registry.js';
import { RequestMetrics } from './request-metrics.js';
import { AuthenticationMetrics, HealthMetrics, StorageMetrics } from './server-metrics.js';

/** All that one server counts. */
export class Instruments {
  /** What `/metrics` shows. */
  readonly registry = new MetricsRegistry();
  /** What `/metrics/slis` shows. */
  readonly serviceLevels = new MetricsRegistry();
  readonly requests = new RequestMetrics(this.registry);
  readonly authentication = new AuthenticationMetrics(this.registry);
  readonly storage = new StorageMetrics(this.registry);
  readonly health = new HealthMetrics(this.serviceLevels);
}
