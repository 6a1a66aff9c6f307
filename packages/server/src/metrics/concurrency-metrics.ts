import type { InFlightRequests } from '../filters/in-flight.js';
import type { MaxInFlight } from '../filters/max-in-flight.js';
import { CollectedFamily } from './family.js';
import type { MetricsRegistry } from './metrics-registry.js';
import { requestScope, routeVerb } from './request-labels.js';

const component = 'apiserver';

/** Requests being worked on, read when asked. */
export function addConcurrencyMetrics(registry: MetricsRegistry, inFlight: InFlightRequests, maxInFlight: MaxInFlight): void {
  const gauges = [maxInFlight.mutating, maxInFlight.readOnly];
  registry.add(
    new CollectedFamily(
      'gauge',
      'apiserver_current_inflight_requests',
      '[STABLE] The most requests worked on at once in the last second, by kind.',
      ['request_kind'],
      () => gauges.map((gauge) => [[gauge.kind], gauge.recentPeak] as const),
    ),
  );
  registry.add(
    new CollectedFamily(
      'gauge',
      'apiserver_current_inqueue_requests',
      '[ALPHA] The most requests that waited at once in the last second, by kind: none, those beyond the limits are refused.',
      ['request_kind'],
      () => gauges.map((gauge) => [[gauge.kind], 0] as const),
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
    const labels = [routeVerb(verb, subresource), group, version, resource, subresource, requestScope(info), component];
    const key = labels.join('\0');
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { labels, count: 1 });
  }
  for (const { labels, count } of counts.values()) yield [labels, count];
}
