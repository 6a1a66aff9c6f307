import type { CheckedContainer } from '../checked-pod.js';
import { containersThat, distinct, named, quoted } from '../wording.js';
import type { Check } from './check.js';

/** What container runtimes give by default, but for NET_RAW. */
const ALLOWED = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

function beyond({ securityContext }: CheckedContainer): string[] {
  return (securityContext?.capabilities?.add ?? []).filter((capability) => !ALLOWED.has(capability));
}

export const capabilitiesBaseline: Check = {
  id: 'capabilities_baseline',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      check(pod) {
        const names = containersThat(pod, (container) => beyond(container).length > 0);
        if (names.length === 0) return undefined;
        const capabilities = distinct(pod.containers.flatMap(beyond));
        return {
          reason: 'non-default capabilities',
          detail: `${named('container', names)} must not include ${quoted(capabilities)} in securityContext.capabilities.add`,
        };
      },
    },
  ],
};
