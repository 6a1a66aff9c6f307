import { formatGroupResource, type GroupResource } from '@keelson/machinery';
import type { CacheStats, StoreLists } from '@keelson/storage';
import { CollectedFamily, CollectedHistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

/** The cache of one resource. */
export type ResourceCacheStats = readonly [resource: GroupResource, stats: CacheStats];

/** What the lists of one resource have cost the store. */
export type ResourceStoreLists = readonly [resource: GroupResource, lists: StoreLists];

interface CacheMetric {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  value(stats: CacheStats): number;
}

/** One value for each resource. */
const perResource: readonly CacheMetric[] = [
  { type: 'gauge', name: 'apiserver_resource_objects', help: '[ALPHA] Stored objects.', value: ({ objects }) => objects },
  {
    type: 'counter',
    name: 'apiserver_storage_events_received_total',
    help: '[ALPHA] Events received from the store.',
    value: ({ received }) => received,
  },
  {
    type: 'counter',
    name: 'apiserver_watch_cache_events_received_total',
    help: '[ALPHA] Events received by the watch cache.',
    value: ({ received }) => received,
  },
  {
    type: 'counter',
    name: 'apiserver_watch_cache_events_dispatched_total',
    help: '[ALPHA] Events that the watch cache has passed on.',
    value: ({ dispatched }) => dispatched,
  },
  {
    type: 'counter',
    name: 'apiserver_init_events_total',
    help: '[ALPHA] Events that watches were given before they followed live ones.',
    value: ({ replayed }) => replayed,
  },
  {
    type: 'counter',
    name: 'apiserver_watch_cache_initializations_total',
    help: '[ALPHA] Fillings of the watch cache.',
    value: ({ filled }) => filled,
  },
  {
    type: 'gauge',
    name: 'apiserver_watch_cache_resource_version',
    help: '[ALPHA] Resource version that the watch cache shows.',
    value: ({ revision }) => revision,
  },
  {
    type: 'gauge',
    name: 'apiserver_resource_size_estimate_bytes',
    help: '[ALPHA] Bytes of the stored objects.',
    value: ({ objectBytes }) => objectBytes,
  },
  {
    type: 'gauge',
    name: 'watch_cache_capacity',
    help: '[ALPHA] Changes that the watch cache has room for.',
    value: ({ capacity }) => capacity,
  },
  {
    type: 'counter',
    name: 'apiserver_cache_list_returned_objects_total',
    help: '[ALPHA] Objects that lists were answered with from the watch cache.',
    value: ({ returned }) => returned,
  },
];

const resourceLabels = ['group', 'resource'];

/** What the caches of resources hold and do, read when asked. */
export function addCacheMetrics(registry: MetricsRegistry, caches: () => Iterable<ResourceCacheStats>): void {
  registry.add(
    new CollectedFamily('gauge', 'apiserver_storage_objects', '[STABLE] Stored objects by resource.', ['resource'], () =>
      Array.from(caches(), ([resource, { objects }]) => [[formatGroupResource(resource)], objects] as const),
    ),
  );
  for (const { type, name, help, value } of perResource) {
    const collect = () => Array.from(caches(), ([{ group, resource }, stats]) => [[group, resource], value(stats)] as const);
    registry.add(new CollectedFamily(type, name, help, resourceLabels, collect));
  }
  registry.add(
    new CollectedHistogramFamily(
      'apiserver_watch_cache_read_wait_seconds',
      '[ALPHA] Time that reads waited for the watch cache to show every write they must.',
      resourceLabels,
      () => Array.from(caches(), ([{ group, resource }, { waits }]) => [[group, resource], waits] as const),
    ),
  );
  addListMetrics(registry, caches);
}

const storeLists = [
  ['apiserver_storage_list_total', 'lists', 'Lists that the store has answered.'],
  ['apiserver_storage_list_fetched_objects_total', 'fetched', 'Objects that the store has sent for lists.'],
  ['apiserver_storage_list_evaluated_objects_total', 'evaluated', 'Objects sent by the store that lists have looked at.'],
  ['apiserver_storage_list_returned_objects_total', 'returned', 'Objects that lists were answered with from the store.'],
] as const;

/** What lists cost the store, read when asked. */
export function addStoreListMetrics(registry: MetricsRegistry, lists: () => Iterable<ResourceStoreLists>): void {
  for (const [name, field, help] of storeLists) {
    const collect = () => Array.from(lists(), ([{ group, resource }, { counters }]) => [[group, resource], counters[field]] as const);
    registry.add(new CollectedFamily('counter', name, `[ALPHA] ${help}`, resourceLabels, collect));
  }
}

function addListMetrics(registry: MetricsRegistry, caches: () => Iterable<ResourceCacheStats>): void {
  for (const [name, help, field] of [
    ['apiserver_cache_list_total', '[ALPHA] Lists answered from the watch cache, by index.', 'lists'],
    ['apiserver_cache_list_fetched_objects_total', '[ALPHA] Objects that lists have looked at in the watch cache, by index.', 'fetched'],
  ] as const) {
    const collect = () => Array.from(uses(caches()), ([labels, use]) => [labels, use[field]] as const);
    registry.add(new CollectedFamily('counter', name, help, [...resourceLabels, 'index'], collect));
  }
  registry.add(
    new CollectedFamily(
      'counter',
      'apiserver_watch_cache_consistent_read_total',
      '[ALPHA] Consistent lists: from the watch cache, or from the store when the cache could not show every write in time.',
      [...resourceLabels, 'success', 'fallback'],
      () => consistentReads(caches()),
    ),
  );
}

function* uses(caches: Iterable<ResourceCacheStats>): Iterable<readonly [string[], { readonly lists: number; readonly fetched: number }]> {
  for (const [{ group, resource }, stats] of caches) for (const [index, use] of stats.uses) yield [[group, resource, index], use];
}

function* consistentReads(caches: Iterable<ResourceCacheStats>): Iterable<readonly [string[], number]> {
  for (const [{ group, resource }, { consistent, fallback }] of caches) {
    if (consistent > 0) yield [[group, resource, 'true', 'false'], consistent];
    if (fallback > 0) yield [[group, resource, 'true', 'true'], fallback];
  }
}
