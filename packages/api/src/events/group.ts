import { type ApiGroup, defineGroup, type Resource } from '@keelson/server';

/** Serves the core group's events in their newer shape. */
export function eventsGroup(events: Resource): ApiGroup {
  return defineGroup({
    group: 'events.k8s.io',
    priority: 17750,
    versions: [
      { version: 'v1', priority: 15, enabledByDefault: true },
      { version: 'v1beta1', priority: 5, enabledByDefault: false, removed: true },
    ],
    resources: [events],
  });
}
