import { timeNow } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { eventName } from './event-recorder.js';

/** A warning in the older form of events, as those controllers write it that kube-apiserver has not moved to the newer one. */
export function coreWarning(controller: string, regarding: core.v1.ObjectReference, reason: string, message: string): core.v1.Event {
  const now = timeNow();
  return {
    metadata: { name: eventName(regarding.name ?? '', Date.now()), namespace: regarding.namespace ?? 'default' },
    involvedObject: regarding,
    reason,
    message,
    source: { component: controller },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: 'Warning',
    eventTime: null,
    reportingComponent: controller,
    reportingInstance: '',
  };
}
