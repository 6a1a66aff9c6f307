import type { InFlightRequests } from '../filters/in-flight.js';
import type { MaxInFlight, RequestKind } from '../filters/max-in-flight.js';
import type { HealthEndpoint } from '../health/health-checks.js';
import { CollectedFamily, CounterFamily, GaugeFamily, HistogramFamily } from './family.js';
import type { MetricsRegistry } from './metrics-registry.js';

const storeDurationBounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

/** Who is asked and how authentication went. Names of users are not labels: there are too many. */
export class AuthenticationMetrics {
  readonly #attempts = new CounterFamily('authentication_attempts', '[ALPHA] Attempts to authenticate, by result.', ['result']);
  readonly #users = new CounterFamily('authenticated_user_requests', '[ALPHA] Authenticated requests, by kind of user.', ['username']);

  constructor(registry: MetricsRegistry) {
    registry.add(this.#attempts);
    registry.add(this.#users);
  }

  /** For `AuthenticationOptions.onAttempt`. */
  readonly onAttempt = (result: 'success' | 'failure' | 'error', user: { readonly name: string } | undefined): void => {
    this.#attempts.child(result).value++;
    if (user) this.#users.child(kindOfUser(user.name)).value++;
  };
}

function kindOfUser(name: string): string {
  return name === 'system:anonymous' || name === 'system:apiserver' || name === 'system:kube-controller-manager' ? name : 'other';
}

/** Requests being worked on, read when asked. */
export function addConcurrencyMetrics(registry: MetricsRegistry, inFlight: InFlightRequests, maxInFlight: MaxInFlight): void {
  registry.add(
    new CollectedFamily(
      'gauge',
      'apiserver_current_inflight_requests',
      '[STABLE] The most requests worked on at once since the last scrape, by kind.',
      ['request_kind'],
      () => [maxInFlight.mutating, maxInFlight.readOnly].map((gauge) => [[gauge.kind], gauge.takePeak()] as const),
    ),
  );
  registry.add(
    new CollectedFamily(
      'gauge',
      'apiserver_longrunning_requests',
      '[STABLE] Open long-running requests, by verb, group, version, resource, scope and component.',
      ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
      () => countLongRunning(inFlight),
    ),
  );
}

function* countLongRunning(inFlight: InFlightRequests): Iterable<readonly [string[], number]> {
  const counts = new Map<string, { readonly labels: string[]; count: number }>();
  for (const { route, info } of inFlight.longRunning()) {
    if (route === undefined) continue;
    const { verb, group, version, resource, subresource } = route.labels;
    const scope = info.name !== '' ? 'resource' : info.namespace !== '' ? 'namespace' : 'cluster';
    const labels = [verb.toUpperCase(), group, version, resource, subresource, scope, 'apiserver'];
    const key = labels.join('\0');
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { labels, count: 1 });
  }
  for (const { labels, count } of counts.values()) yield [labels, count];
}

/** For `MaxInFlightOptions.onDropped`. */
export function droppedRequestsCounter(registry: MetricsRegistry): (kind: RequestKind) => void {
  const family = registry.add(
    new CounterFamily('apiserver_dropped_requests_total', '[ALPHA] Requests refused with 429, by kind.', ['request_kind']),
  );
  return (kind) => family.child(kind).add();
}

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

/** What the store and its caches report; keep the children per resource. */
export class StorageMetrics {
  readonly requestDurations = new HistogramFamily(
    'etcd_request_duration_seconds',
    '[ALPHA] Time of requests to the store, by operation, group and resource.',
    ['operation', 'group', 'resource'],
    storeDurationBounds,
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
