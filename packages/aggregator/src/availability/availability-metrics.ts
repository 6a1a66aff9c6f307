import { CollectedFamily, CounterFamily, type MetricsRegistry } from '@keelson/server';
import { type APIService, isAvailable } from '../api-service.js';

/** Which APIServices cannot be reached, under the names that these metrics have in kube-apiserver. */
export class AvailabilityMetrics {
  readonly #total: CounterFamily;

  constructor(registry: MetricsRegistry, apiServices: () => Iterable<APIService>) {
    const read = function* () {
      for (const apiService of apiServices()) yield [[apiService.metadata.name ?? ''], isAvailable(apiService) ? 0 : 1] as const;
    };
    const help = '[ALPHA] Whether an APIService cannot be reached, by its name.';
    registry.add(new CollectedFamily('gauge', 'aggregator_unavailable_apiservice', help, ['name'], read));
    this.#total = registry.add(
      new CounterFamily(
        'aggregator_unavailable_apiservice_total',
        '[ALPHA] How often APIServices became unavailable, by name and reason.',
        ['name', 'reason'],
      ),
    );
  }

  becameUnavailable(name: string, reason: string): void {
    this.#total.child(name, reason).add();
  }
}
