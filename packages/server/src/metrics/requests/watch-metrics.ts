import { exponentialBounds, type Histogram } from '@keelson/machinery';
import type { RequestState } from '../../http/context.js';
import { type Counter, CounterFamily, HistogramFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';
import { requestScope } from './request-labels.js';

const listBounds = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 15, 20, 30, 45, 60];

/** Where the watches of one served version are counted; shared by all of them. */
export interface WatchInstruments {
  readonly events: Counter;
  /** Of one event as sent. */
  readonly sizes: Histogram;
  /** Watches that were cut off for reading too slowly. */
  readonly terminated: Counter;
  /** The initial events that a client has asked for by name are all sent. */
  listed(state: RequestState): void;
}

/** What watches send. */
export class WatchMetrics {
  readonly #events = new CounterFamily('apiserver_watch_events_total', '[ALPHA] Events sent to watchers.', [
    'group',
    'version',
    'resource',
  ]);
  readonly #sizes = new HistogramFamily(
    'apiserver_watch_events_sizes',
    '[ALPHA] Bytes of events sent to watchers.',
    ['group', 'version', 'resource'],
    exponentialBounds(1024, 2, 8),
  );
  readonly #terminated = new CounterFamily('apiserver_terminated_watchers_total', '[ALPHA] Watchers ended for being too slow.', [
    'group',
    'resource',
  ]);
  readonly #lists = new HistogramFamily(
    'apiserver_watch_list_duration_seconds',
    '[ALPHA] Time from the headers of a watch to the end of the initial events it asked for.',
    ['group', 'version', 'resource', 'scope'],
    listBounds,
  );

  constructor(registry: MetricsRegistry) {
    for (const family of [this.#events, this.#sizes, this.#terminated, this.#lists]) registry.add(family);
  }

  /** Called when a version begins to be served. */
  of(group: string, version: string, resource: string): WatchInstruments {
    return {
      events: this.#events.child(group, version, resource),
      sizes: this.#sizes.child(group, version, resource),
      terminated: this.#terminated.child(group, resource),
      listed: ({ info, startedAtMs }) =>
        this.#lists.child(group, version, resource, requestScope(info)).observe((performance.now() - startedAtMs) / 1000),
    };
  }
}
