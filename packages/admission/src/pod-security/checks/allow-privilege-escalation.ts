import { containersThat, named } from '../wording.js';
import type { Check, CheckPod } from './check.js';
import { notOnWindows } from './not-on-windows.js';

const check: CheckPod = (pod) => {
  const names = containersThat(pod, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named('container', names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  revisions: [
    { since: 8, check },
    { since: 25, check: notOnWindows(check) },
  ],
};
