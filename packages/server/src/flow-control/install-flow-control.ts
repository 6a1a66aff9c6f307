import type { Log, ObjectAccess } from '@keelson/machinery';
import type { PathLayer } from '../dispatch/path-layer.js';
import type { FilterEvents } from '../filters/filter-events.js';
import type { RequestLimiter } from '../filters/request-limiter.js';
import type { MetricsRegistry } from '../metrics/registry/metrics-registry.js';
import { FlowControlMetrics } from '../metrics/requests/flow-control-metrics.js';
import { installDumps } from './dumps/install-dumps.js';
import { FlowControl, type MandatoryFlowControl } from './flow-control.js';
import { FlowControlFilter } from './flow-control-filter.js';
import { WatchCounts } from './width/watch-counts.js';
import { type SizeOfList, WidthEstimator } from './width/width-estimator.js';

export interface FlowControlParts {
  readonly mandatory: MandatoryFlowControl;
  /** Seats of all levels together. */
  readonly seats: number;
  readonly requestTimeoutMs: number;
  readonly sizeOf: SizeOfList;
  readonly objects: ObjectAccess;
  readonly registry: MetricsRegistry;
  readonly events: Pick<FilterEvents, 'dropped'>;
  readonly paths: PathLayer;
  readonly log: Log;
}

/** Makes what limits requests by priority and fairness, as the objects of the server say, with what shows it. */
export function installFlowControl(parts: FlowControlParts): RequestLimiter {
  const { mandatory, seats, requestTimeoutMs, sizeOf, objects, registry, events, paths, log } = parts;
  const flowControl = new FlowControl({ mandatory, seats, metrics: new FlowControlMetrics(registry), log });
  flowControl.follow(objects);
  installDumps(paths, flowControl);
  const watches = new WatchCounts();
  return new FlowControlFilter({ flowControl, widths: new WidthEstimator(sizeOf, watches), watches, requestTimeoutMs, events });
}
