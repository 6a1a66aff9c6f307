import type { CheckPod } from './check.js';

/** A user namespace makes up for what it asks for, where that is taken into account (KEP-127). */
export function notInUserNamespaces(check: CheckPod): CheckPod {
  return (pod) => (pod.inRelaxedUserNamespace ? undefined : check(pod));
}
