import type { Histogram } from '@keelson/machinery';
import { HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

/** Filters that are timed. */
export const timedFilters = ['authentication', 'audit', 'impersonation', 'priorityandfairness', 'authorization'] as const;
export type TimedFilter = (typeof timedFilters)[number];

const bounds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5, 10, 15, 30];

/** How long requests take to pass each of the filters, in seconds. */
export function filterDurations(registry: MetricsRegistry): Readonly<Record<TimedFilter, Histogram>> {
  const family = registry.add(
    new HistogramFamily('apiserver_request_filter_duration_seconds', '[ALPHA] Time to pass a filter.', ['filter'], bounds),
  );
  const durations = timedFilters.map((filter) => [filter, family.child(filter)]);
  return Object.fromEntries(durations) as Record<TimedFilter, Histogram>;
}
