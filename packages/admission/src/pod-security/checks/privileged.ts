import { containersThat, named } from '../wording.js';
import type { Check } from './check.js';

export const privileged: Check = {
  id: 'privileged',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      check(pod) {
        const names = containersThat(pod, ({ securityContext }) => securityContext?.privileged === true);
        if (names.length === 0) return undefined;
        return { reason: 'privileged', detail: `${named('container', names)} must not set securityContext.privileged=true` };
      },
    },
  ],
};
