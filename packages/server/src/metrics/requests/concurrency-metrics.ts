import type { ConcurrencyGauges } from '../../filters/concurrency-gauges.js';
import type { InFlightRequests } from '../../filters/in-flight.js';
import type { RequestLimiter } from '../../filters/request-limiter.js';
import { CollectedFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import { TimingRatioFamily } from '../registry/timing-ratio-family.js';
import { requestScope, routeVerb } from './request-labels.js';

const component = 'apiserver';
const KINDS = ['mutating', 'readOnly'] as const;
const ratioBounds = [0, 0.001, 0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

/** Requests being worked on, and those that wait for that. */
export function addConcurrencyMetrics(registry: MetricsRegistry, inFlight: InFlightRequests, limiter: RequestLimiter): void {
  const { executing, waiting } = limiter;
  addPeaks(
    registry,
    'apiserver_current_inflight_requests',
    '[STABLE] The most requests worked on at once in the last second, by kind.',
    executing,
  );
  addPeaks(
    registry,
    'apiserver_current_inqueue_requests',
    '[ALPHA] The most requests that waited at once in the last second, by kind.',
    waiting,
  );
  addTimings(registry, limiter);
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

function addPeaks(registry: MetricsRegistry, name: string, help: string, gauges: ConcurrencyGauges | undefined): void {
  const read = () => KINDS.map((kind) => [[kind], gauges?.[kind].recentPeak ?? 0] as const);
  registry.add(new CollectedFamily('gauge', name, help, ['request_kind'], read));
}

function addTimings(registry: MetricsRegistry, { executing, waiting }: RequestLimiter): void {
  const family = new TimingRatioFamily(
    'apiserver_flowcontrol_read_vs_write_current_requests',
    '[ALPHA] For every nanosecond, the requests that wait or are executed, as a fraction of the limit where there is one.',
    ['phase', 'request_kind'],
    ratioBounds,
  );
  for (const [phase, gauges] of Object.entries({ executing, waiting })) {
    for (const kind of KINDS) {
      const gauge = gauges?.[kind];
      if (gauge === undefined) continue;
      gauge.timing = family.child(phase, kind);
      if (gauge.limit > 0) gauge.timing.setDenominator(gauge.limit, performance.now());
    }
  }
  registry.add(family);
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
