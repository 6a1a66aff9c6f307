import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { containersThat, named, setters } from '../wording.js';
import type { Check } from './check.js';
import { notInUserNamespaces } from './not-in-user-namespaces.js';

const reason = 'runAsNonRoot != true';

function check(pod: CheckedPod): Violation | undefined {
  const ofPod = pod.spec.securityContext?.runAsNonRoot;
  const refusing = containersThat(pod, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  const by = setters(ofPod === false, refusing);
  if (by !== undefined) return { reason, detail: `${by} must not set securityContext.runAsNonRoot=false` };
  const silent = ofPod === true ? [] : containersThat(pod, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${named('container', silent)} must set securityContext.runAsNonRoot=true` };
}

export const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  level: 'restricted',
  revisions: [{ since: 0, check: notInUserNamespaces(check) }],
};
