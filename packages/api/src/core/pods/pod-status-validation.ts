import {
  dns1123Subdomain,
  duplicate,
  type FieldError,
  forbiddenField,
  hasFeature,
  invalidField,
  path,
  qualifiedName,
  validateImmutable,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateEach } from '../../validation/each.js';
import { validateForm, validateOptionalForm } from '../../validation/names.js';
import { validateIps } from './pod-ips-validation.js';
import { validateAnnotationsChange } from './pod-update-validation.js';

type Pod = core.v1.Pod;
type ContainerStatus = core.v1.ContainerStatus;
type Field = 'containerStatuses' | 'initContainerStatuses' | 'ephemeralContainerStatuses';

const at = path('status');
const systemConditions: ReadonlySet<string> = new Set(['PodScheduled', 'Ready', 'Initialized']);

/** Conditions of others have qualified names. */
function validateConditions({ status }: Pod): FieldError[] {
  return validateEach(status.conditions, at.child('conditions'), ({ type, observedGeneration = 0 }, here) => [
    ...(observedGeneration < 0
      ? [invalidField(here.child('observedGeneration'), observedGeneration, 'must be a non-negative integer')]
      : []),
    ...(systemConditions.has(type) ? [] : validateForm(type, here.child('Type'), qualifiedName)),
  ]);
}

/** A container that has ended for good stays so. It is told where the status was before. */
function validateEnded(field: Field, pod: Pod, old: Pod, policyOf: (name: string, exitCode: number) => string): FieldError[] {
  const running = new Set(pod.status[field]?.filter(({ state }) => !state?.terminated).map(({ name }) => name));
  return validateEach(old.status[field], at.child(field), ({ name, state }: ContainerStatus, here) => {
    const ended = state?.terminated;
    if (!ended || !running.has(name)) return [];
    const policy = policyOf(name, ended.exitCode);
    if (policy === 'Always' || (policy === 'OnFailure' && ended.exitCode !== 0)) return [];
    return [forbiddenField(here.child('state'), 'may not be transitioned to non-terminated state')];
  });
}

/** A rule of the container's, or its policy, comes before that of the pod (KEP-5307). */
function restartPolicyOf({ containers, restartPolicy = 'Always' }: core.v1.PodSpec, name: string, exitCode: number): string {
  const { restartPolicy: own, restartPolicyRules = [] } = containers?.find((one) => one.name === name) ?? {};
  if (own === undefined || !hasFeature('ContainerRestartRules')) return restartPolicy;
  const restarts = restartPolicyRules.some(({ action, exitCodes }) => {
    const isListed = exitCodes?.values?.includes(exitCode) ?? false;
    return action === 'Restart' && exitCodes !== undefined && isListed === (exitCodes.operator === 'In');
  });
  return restarts ? 'Always' : own;
}

function validateStates(pod: Pod, old: Pod): FieldError[] {
  const { restartPolicy = 'Always', initContainers } = old.spec;
  const sidecars = new Set(initContainers?.filter((container) => container.restartPolicy === 'Always').map(({ name }) => name));
  return [
    ...validateEnded('containerStatuses', pod, old, (name, exitCode) => restartPolicyOf(old.spec, name, exitCode)),
    ...validateEnded('initContainerStatuses', pod, old, (name) => (sidecars.has(name) ? 'Always' : restartPolicy)),
    ...validateEnded('ephemeralContainerStatuses', pod, old, () => 'Never'),
  ];
}

/** Which claims were made for those that the pod names. */
function validateClaimStatuses({ spec, status }: Pod): FieldError[] {
  const names = new Set<string>();
  return validateEach(status.resourceClaimStatuses, at.child('resourceClaimStatuses'), ({ name, resourceClaimName }, here) => {
    const namePath = here.child('name');
    const known = spec.resourceClaims?.some((claim) => claim.name === name);
    return [
      ...(known ? [] : [invalidField(namePath, name, 'must match the name of an entry in `spec.resourceClaims`')]),
      ...(names.size === names.add(name).size ? [duplicate(namePath, name)] : []),
      ...(resourceClaimName === undefined ? [] : validateForm(resourceClaimName, namePath, dns1123Subdomain)),
    ];
  });
}

/** Who has got a node is a candidate for none. */
function validateNomination(nominated: string | undefined, { nodeName }: core.v1.PodSpec): FieldError[] {
  if (!nominated || !nodeName || !hasFeature('ClearingNominatedNodeNameAfterBinding')) return [];
  return [forbiddenField(at.child('nominatedNodeName'), 'may not be set on pods that are already bound to a node')];
}

export function validatePodStatus(pod: Pod, old: Pod): FieldError[] {
  const { nominatedNodeName, qosClass = '' } = pod.status;
  const nominated = nominatedNodeName === old.status.nominatedNodeName ? undefined : nominatedNodeName;
  return [
    ...validateAnnotationsChange(pod, old),
    ...validateConditions(pod),
    ...validateOptionalForm(nominated, at.child('nominatedNodeName'), dns1123Subdomain),
    ...validateImmutable(qosClass, old.status.qosClass ?? '', at.child('qosClass')),
    ...validateStates(pod, old),
    ...validateClaimStatuses(pod),
    ...validateIps(pod.status, old.status),
    ...validateNomination(nominated, old.spec),
  ];
}
