import { isWindows } from '../checked-pod.js';
import type { CheckPod } from './check.js';

/** The fields that it asks for are of Linux: other pods may not even set them. */
export function notOnWindows(check: CheckPod): CheckPod {
  return (pod) => (isWindows(pod) ? undefined : check(pod));
}
