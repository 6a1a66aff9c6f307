import { containersThat, setters } from '../wording.js';
import type { Check } from './check.js';
import { notInUserNamespaces } from './not-in-user-namespaces.js';

export const runAsUser: Check = {
  id: 'runAsUser',
  level: 'restricted',
  revisions: [
    {
      since: 23,
      check: notInUserNamespaces((pod) => {
        const names = containersThat(pod, ({ securityContext }) => securityContext?.runAsUser === 0);
        const by = setters(pod.spec.securityContext?.runAsUser === 0, names);
        return by === undefined ? undefined : { reason: 'runAsUser=0', detail: `${by} must not set runAsUser=0` };
      }),
    },
  ],
};
