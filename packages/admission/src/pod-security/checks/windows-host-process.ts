import { containersThat, setters } from '../wording.js';
import type { Check } from './check.js';

export const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      check(pod) {
        const names = containersThat(pod, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
        const by = setters(pod.spec.securityContext?.windowsOptions?.hostProcess === true, names);
        return by === undefined
          ? undefined
          : { reason: 'hostProcess', detail: `${by} must not set securityContext.windowsOptions.hostProcess=true` };
      },
    },
  ],
};
