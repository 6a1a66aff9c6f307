import type { CheckedContainer } from '../checked-pod.js';
import { containersThat, distinct, named } from '../wording.js';
import type { Check } from './check.js';

/** What probes and hooks connect to besides the pod itself. */
function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: CheckedContainer): string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
  return handlers.flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host]).flatMap((host) => host || []);
}

export const hostProbesAndHostLifecycle: Check = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  revisions: [
    {
      since: 34,
      check(pod) {
        const names = distinct(containersThat(pod, (container) => hostsOf(container).length > 0));
        if (names.length === 0) return undefined;
        const hosts = distinct(pod.containers.flatMap(hostsOf));
        const use = names.length === 1 ? 'uses' : 'use';
        return {
          reason: 'probe or lifecycle host',
          detail: `${named('container', names)} ${use} ${named('probe or lifecycle host', hosts)}`,
        };
      },
    },
  ],
};
