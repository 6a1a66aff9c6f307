import type { core, events } from '@keelson/schema';
import { present } from '../conversion/present.js';

type CoreEvent = core.v1.Event;
type Event = events.v1.Event;

/** events.k8s.io/v1 as core/v1: the same facts under their older names. */
export function eventToHub(event: Event): CoreEvent {
  return present<CoreEvent>({
    metadata: event.metadata,
    involvedObject: event.regarding,
    reason: event.reason,
    message: event.note,
    source: event.deprecatedSource,
    firstTimestamp: event.deprecatedFirstTimestamp,
    lastTimestamp: event.deprecatedLastTimestamp,
    count: event.deprecatedCount,
    type: event.type,
    eventTime: event.eventTime,
    series: event.series,
    action: event.action,
    related: event.related,
    reportingComponent: event.reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  });
}

/** core/v1 as events.k8s.io/v1. */
export function eventFromHub(event: CoreEvent): Event {
  return present<Event>({
    metadata: event.metadata,
    eventTime: event.eventTime,
    series: event.series && { count: event.series.count ?? 0, lastObservedTime: event.series.lastObservedTime },
    reportingController: event.reportingComponent || undefined,
    reportingInstance: event.reportingInstance || undefined,
    action: event.action,
    reason: event.reason,
    regarding: event.involvedObject,
    related: event.related,
    note: event.message,
    type: event.type,
    deprecatedSource: event.source,
    deprecatedFirstTimestamp: event.firstTimestamp,
    deprecatedLastTimestamp: event.lastTimestamp,
    deprecatedCount: event.count,
  });
}
