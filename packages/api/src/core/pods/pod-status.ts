import { dns1123Subdomain, type FieldError, forbiddenField, invalidField, path } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { status } from '@keelson/server';

type Pod = core.v1.Pod;
type ContainerStatus = core.v1.ContainerStatus;

/** Reporters that know nothing of observed generations do not erase them (KEP-5067). */
function keepObservedGenerations({ status }: Pod, old: Pod): void {
  const before = old.status.observedGeneration;
  if (!status.observedGeneration && before) status.observedGeneration = before;
  for (const condition of status.conditions ?? []) {
    const known = old.status.conditions?.find(({ type }) => type === condition.type)?.observedGeneration;
    if (!condition.observedGeneration && known) condition.observedGeneration = known;
  }
}

/** A container that has ended for good stays so. */
function validateEnded(
  statuses: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
  field: string,
  restartPolicyOf: (name: string) => string,
): FieldError[] {
  return (old ?? []).flatMap(({ name, state }) => {
    const ended = state?.terminated;
    const policy = restartPolicyOf(name);
    if (!ended || policy === 'Always' || (policy === 'OnFailure' && ended.exitCode !== 0)) return [];
    const i = (statuses ?? []).findIndex((status) => status.name === name);
    if (i < 0 || statuses?.[i]?.state?.terminated) return [];
    return [forbiddenField(path('status', field).index(i).child('state'), 'may not be transitioned to non-terminated state')];
  });
}

function validate(pod: Pod, old: Pod): FieldError[] {
  const { spec, status } = pod;
  const errors: FieldError[] = [];
  if (old.status.qosClass && status.qosClass !== old.status.qosClass) {
    errors.push(invalidField(path('status', 'qosClass'), status.qosClass ?? '', 'field is immutable'));
  }
  const { nominatedNodeName = '' } = status;
  if (nominatedNodeName !== '') {
    const at = path('status', 'nominatedNodeName');
    errors.push(...dns1123Subdomain(nominatedNodeName).map((detail) => invalidField(at, nominatedNodeName, detail)));
  }
  const podPolicy = spec.restartPolicy ?? 'Always';
  const ofInit = (name: string) => spec.initContainers?.find((container) => container.name === name)?.restartPolicy;
  return [
    ...errors,
    ...validateEnded(status.containerStatuses, old.status.containerStatuses, 'containerStatuses', () => podPolicy),
    ...validateEnded(
      status.initContainerStatuses,
      old.status.initContainerStatuses,
      'initContainerStatuses',
      (name) => ofInit(name) ?? (podPolicy === 'Never' ? 'Never' : 'OnFailure'),
    ),
  ];
}

/** What kubelets and schedulers report. Old kubelets corrupt owner references, so these are out of reach. */
export const podStatus = status<Pod>({
  keeps: ['spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'],
  prepareForUpdate(pod, old) {
    if (!pod.status.qosClass && old.status.qosClass) pod.status.qosClass = old.status.qosClass;
    keepObservedGenerations(pod, old);
  },
  validate,
});
