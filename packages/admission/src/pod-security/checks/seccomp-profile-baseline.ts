import { quote } from '@keelson/machinery';
import type { CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { distinct, plural } from '../wording.js';
import type { Check } from './check.js';
import { forbiddenProfiles, SECCOMP_REASON } from './seccomp.js';

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

function isAllowedAnnotation(value: string): boolean {
  return value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
}

/** Before v1.19 there were only annotations. */
function checkAnnotations({ annotations, containers }: CheckedPod): Violation | undefined {
  const keys = [POD_ANNOTATION, ...containers.map(({ name }) => CONTAINER_ANNOTATION + name)];
  const bad = keys.flatMap((key) => {
    const value = annotations[key];
    return value === undefined || isAllowedAnnotation(value) ? [] : `${key}=${quote(value)}`;
  });
  const texts = distinct(bad);
  if (texts.length === 0) return undefined;
  return { reason: SECCOMP_REASON, detail: `forbidden ${plural('annotation', texts.length)} ${texts.join(', ')}` };
}

export const seccompProfileBaseline: Check = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  revisions: [
    { since: 0, check: checkAnnotations },
    { since: 19, check: forbiddenProfiles },
  ],
};
