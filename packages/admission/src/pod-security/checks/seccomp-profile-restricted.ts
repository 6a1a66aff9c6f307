import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { containersThat, named } from '../wording.js';
import type { Check } from './check.js';
import { notOnWindows } from './not-on-windows.js';
import { forbiddenProfiles, SECCOMP_REASON } from './seccomp.js';
import { seccompProfileBaseline } from './seccomp-profile-baseline.js';

function check(pod: CheckedPod): Violation | undefined {
  const forbidden = forbiddenProfiles(pod);
  if (forbidden !== undefined) return forbidden;
  if (pod.spec.securityContext?.seccompProfile !== undefined) return undefined;
  const silent = containersThat(pod, ({ securityContext }) => securityContext?.seccompProfile === undefined);
  if (silent.length === 0) return undefined;
  const what = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"';
  return { reason: SECCOMP_REASON, detail: `pod or ${named('container', silent)} ${what}` };
}

export const seccompProfileRestricted: Check = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  replaces: seccompProfileBaseline,
  revisions: [
    { since: 19, check },
    { since: 25, check: notOnWindows(check) },
  ],
};
