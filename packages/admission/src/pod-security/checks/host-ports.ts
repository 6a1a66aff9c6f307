import type { CheckedContainer } from '../checked-pod.js';
import { containersThat, distinct, named, plural } from '../wording.js';
import type { Check } from './check.js';

function hostPortsOf({ ports }: CheckedContainer): string[] {
  return (ports ?? []).flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
}

export const hostPorts: Check = {
  id: 'hostPorts',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      check(pod) {
        const names = containersThat(pod, (container) => hostPortsOf(container).length > 0);
        if (names.length === 0) return undefined;
        const ports = distinct(pod.containers.flatMap(hostPortsOf));
        const use = names.length === 1 ? 'uses' : 'use';
        return {
          reason: 'hostPort',
          detail: `${named('container', names)} ${use} ${plural('hostPort', ports.length)} ${ports.join(', ')}`,
        };
      },
    },
  ],
};
