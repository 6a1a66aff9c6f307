import { path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { status } from '@keelson/server';
import { ipWarnings } from '../../net/ip-warnings.js';
import { validatePodStatus } from './pod-status-validation.js';

type Pod = core.v1.Pod;

/** Reporters that know nothing of observed generations do not erase them (KEP-5067). */
function keepObservedGenerations({ status }: Pod, old: Pod): void {
  const before = old.status.observedGeneration;
  if (!status.observedGeneration && before) status.observedGeneration = before;
  for (const condition of status.conditions ?? []) {
    const known = old.status.conditions?.find(({ type }) => type === condition.type)?.observedGeneration;
    if (!condition.observedGeneration && known) condition.observedGeneration = known;
  }
}

function warnings({ status }: Pod): string[] {
  return (['podIPs', 'hostIPs'] as const).flatMap((list) =>
    (status[list] ?? []).flatMap(({ ip = '' }, i) => ipWarnings(ip, path('status', list).index(i).child('ip'))),
  );
}

/** What kubelets and schedulers report. Old kubelets corrupt owner references, so these are out of reach. */
export const podStatus = status<Pod>({
  keeps: ['spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'],
  prepareForUpdate(pod, old) {
    if (!pod.status.qosClass && old.status.qosClass) pod.status.qosClass = old.status.qosClass;
    keepObservedGenerations(pod, old);
  },
  validate: validatePodStatus,
  warnings,
});
