import { CollectedFamily, CounterFamily, HistogramFamily } from './family.js';
import type { MetricsRegistry } from './metrics-registry.js';
import { durationBounds } from './request-metrics.js';

/** What the store and its caches report; keep the children per resource. */
export class StorageMetrics {
  readonly requestDurations = new HistogramFamily(
    'etcd_request_duration_seconds',
    '[ALPHA] Time of requests to the store, by operation, group and resource.',
    ['operation', 'group', 'resource'],
    durationBounds,
  );
  readonly requests = new CounterFamily('etcd_requests_total', '[ALPHA] Requests to the store.', ['operation', 'group', 'resource']);
  readonly requestErrors = new CounterFamily('etcd_request_errors_total', '[ALPHA] Failed requests to the store.', [
    'operation',
    'group',
    'resource',
  ]);
  readonly watchEvents = new CounterFamily('apiserver_watch_events_total', '[ALPHA] Events sent to watchers.', [
    'group',
    'version',
    'resource',
  ]);
  readonly initEvents = new CounterFamily('apiserver_init_events_total', '[ALPHA] Initial events sent to watchers.', ['group', 'resource']);
  readonly cacheEventsReceived = new CounterFamily(
    'apiserver_watch_cache_events_received_total',
    '[ALPHA] Events received by watch caches from the store.',
    ['group', 'resource'],
  );
  readonly cacheEventsDispatched = new CounterFamily(
    'apiserver_watch_cache_events_dispatched_total',
    '[ALPHA] Events that watch caches have passed on.',
    ['group', 'resource'],
  );
  readonly cacheInitializations = new CounterFamily('apiserver_watch_cache_initializations_total', '[ALPHA] Fillings of watch caches.', [
    'group',
    'resource',
  ]);
  readonly terminatedWatchers = new CounterFamily('apiserver_terminated_watchers_total', '[ALPHA] Watchers ended for being too slow.', [
    'group',
    'resource',
  ]);

  constructor(registry: MetricsRegistry) {
    registry.add(this.requestDurations);
    registry.add(this.requests);
    registry.add(this.requestErrors);
    registry.add(this.watchEvents);
    registry.add(this.initEvents);
    registry.add(this.cacheEventsReceived);
    registry.add(this.cacheEventsDispatched);
    registry.add(this.cacheInitializations);
    registry.add(this.terminatedWatchers);
  }
}

/** Objects by resource (`pods`, `deployments.apps`), counted when asked. */
export function addObjectCounts(registry: MetricsRegistry, count: () => Iterable<readonly [resource: string, objects: number]>): void {
  registry.add(
    new CollectedFamily('gauge', 'apiserver_storage_objects', '[STABLE] Stored objects by resource.', ['resource'], () =>
      Array.from(count(), ([resource, objects]) => [[resource], objects] as const),
    ),
  );
}
