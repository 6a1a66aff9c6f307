import type { CheckedContainer, CheckedPod } from '../checked-pod.js';
import type { Violation } from '../violation.js';
import { containersThat, distinct, named, quoted } from '../wording.js';
import { capabilitiesBaseline } from './capabilities-baseline.js';
import type { Check } from './check.js';
import { notOnWindows } from './not-on-windows.js';

function dropsAll({ securityContext }: CheckedContainer): boolean {
  return securityContext?.capabilities?.drop?.includes('ALL') ?? false;
}

function beyond({ securityContext }: CheckedContainer): string[] {
  return (securityContext?.capabilities?.add ?? []).filter((capability) => capability !== 'NET_BIND_SERVICE');
}

function check(pod: CheckedPod): Violation | undefined {
  const keeping = containersThat(pod, (container) => !dropsAll(container));
  const adding = containersThat(pod, (container) => beyond(container).length > 0);
  const added = quoted(distinct(pod.containers.flatMap(beyond)));
  const details = [
    ...(keeping.length > 0 ? [`${named('container', keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0 ? [`${named('container', adding)} must not include ${added} in securityContext.capabilities.add`] : []),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

export const capabilitiesRestricted: Check = {
  id: 'capabilities_restricted',
  level: 'restricted',
  replaces: capabilitiesBaseline,
  revisions: [
    { since: 22, check },
    { since: 25, check: notOnWindows(check) },
  ],
};
