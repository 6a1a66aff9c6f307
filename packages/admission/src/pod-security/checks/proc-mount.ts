import type { CheckedContainer } from '../checked-pod.js';
import { containersThat, distinct, named, quoted } from '../wording.js';
import type { Check } from './check.js';
import { notInUserNamespaces } from './not-in-user-namespaces.js';

function unusual({ securityContext }: CheckedContainer): string | undefined {
  const { procMount } = securityContext ?? {};
  return procMount === 'Default' ? undefined : procMount;
}

export const procMount: Check = {
  id: 'procMount',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      check: notInUserNamespaces((pod) => {
        const names = containersThat(pod, (container) => unusual(container) !== undefined);
        if (names.length === 0) return undefined;
        const types = distinct(pod.containers.flatMap((container) => unusual(container) ?? []));
        return { reason: 'procMount', detail: `${named('container', names)} must not set securityContext.procMount to ${quoted(types)}` };
      }),
    },
  ],
};
