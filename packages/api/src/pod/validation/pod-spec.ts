import {
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  qualifiedName,
  required,
  tooLong,
  validateLabels,
} from '@keelson/machinery';
import { type core, validateTolerations } from '@keelson/schema';
import { validateIp } from '../../net/ip-validation.js';
import { validateEach } from '../../validation/each.js';
import { validateEnumerated } from '../../validation/enumerated.js';
import { validateForm, validateOptionalForm } from '../../validation/names.js';
import { validateAffinity } from './affinity.js';
import { validateContainers, validateEphemeralContainers, validateInitContainers } from './containers.js';
import type { PodContext } from './context.js';
import { validateDnsConfig } from './dns.js';
import { containersOf } from './each-container.js';
import { validateFileVolumes } from './environment.js';
import { validateOperatingSystem } from './operating-system.js';
import { validatePodResources } from './pod-resources.js';
import { validateHostNetworkPorts } from './ports.js';
import { validatePodClaims } from './resource-claims.js';
import { validateResourceRequirements } from './resources.js';
import { validatePodSecurityContext } from './security-context.js';
import { validateSpreadConstraints } from './spread-constraints.js';
import { validateVolumes } from './volumes.js';
import { validateHostProcesses } from './windows-options.js';

type PodSpec = core.v1.PodSpec;

const maxInt32 = 2 ** 31 - 1;
/** Of Linux. */
const maxHostnameLength = 64;

function validateGates(gates: PodSpec['schedulingGates'], at: FieldPath): FieldError[] {
  const names = new Set<string>();
  return validateEach(gates, at, ({ name }, here) => [
    ...validateForm(name, here, qualifiedName),
    ...(names.size === names.add(name).size ? [duplicate(here, name)] : []),
  ]);
}

function validateHostAliases(aliases: PodSpec['hostAliases'], at: FieldPath): FieldError[] {
  return validateEach(aliases, at, ({ ip, hostnames }, here) => [
    ...validateIp(ip, here.child('ip')),
    ...validateEach(hostnames, here.child('hostnames'), (name, each) => validateForm(name, each, dns1123Subdomain)),
  ]);
}

/** Users of its own are of no use to a pod that shares other namespaces with its host. */
function validateHostUsers({ hostUsers, hostNetwork, hostPID, hostIPC }: PodSpec, at: FieldPath): FieldError[] {
  if (hostUsers !== false) return [];
  const shared = { hostNetwork, HostPID: hostPID, HostIPC: hostIPC };
  return Object.entries(shared)
    .filter(([, isShared]) => isShared)
    .map(([field]) => forbiddenField(at.child(field), 'when `hostUsers` is false'));
}

/** The name that programs are told, instead of the pod's (KEP-4762). */
function validateHostnameOverride({ hostnameOverride: name, setHostnameAsFQDN, hostNetwork }: PodSpec, at: FieldPath): FieldError[] {
  if (name === undefined) return [];
  return [
    ...(setHostnameAsFQDN ? [forbiddenField(at, 'may not be specified when setHostnameAsFQDN is true')] : []),
    ...(hostNetwork ? [forbiddenField(at, 'may not be specified when hostNetwork is true')] : []),
    ...(name.length > maxHostnameLength ? [tooLong(at, maxHostnameLength)] : []),
    ...validateForm(name, at, dns1123Subdomain),
  ];
}

function validateActiveDeadline({ activeDeadlineSeconds: seconds }: PodSpec, at: FieldPath): FieldError[] {
  if (seconds === undefined || (seconds >= 1 && seconds <= maxInt32)) return [];
  return [invalidField(at, seconds, `must be between 1 and ${maxInt32}, inclusive`)];
}

function validatePreemption({ preemptionPolicy }: PodSpec, at: FieldPath): FieldError[] {
  return preemptionPolicy === undefined ? [] : validateEnumerated(preemptionPolicy, at, ['PreemptLowerPriority', 'Never']);
}

function validateAllContainers(spec: PodSpec, pod: PodContext, at: FieldPath): FieldError[] {
  return [
    ...validateContainers(spec.containers, pod, at.child('containers')),
    ...validateInitContainers(spec, pod, at.child('initContainers')),
    ...validateEphemeralContainers(spec, pod, at.child('ephemeralContainers')),
    ...validatePodResources(spec, pod.claims, at.child('resources')),
  ];
}

/** Where the pod may run, and with what rights. */
function validateSurroundings(spec: PodSpec, at: FieldPath, old: PodSpec | undefined): FieldError[] {
  return [
    ...validateEnumerated(spec.restartPolicy, at.child('restartPolicy'), ['Always', 'OnFailure', 'Never']),
    ...validateEnumerated(spec.dnsPolicy, at.child('dnsPolicy'), ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...validateLabels(spec.nodeSelector, at.child('nodeSelector')),
    ...validatePodSecurityContext(spec, at.child('securityContext'), old),
    ...validateAffinity(spec.affinity, at.child('affinity')),
    ...validateDnsConfig(spec, at.child('dnsConfig')),
    ...validateEach(spec.readinessGates, at.child('readinessGates'), ({ conditionType }, here) =>
      validateForm(conditionType, here.child('conditionType'), qualifiedName),
    ),
    ...validateGates(spec.schedulingGates, at.child('schedulingGates')),
    ...validateSpreadConstraints(spec.topologySpreadConstraints, at.child('topologySpreadConstraints')),
    ...validateHostProcesses(spec, at),
    ...validateHostUsers(spec, at),
    ...validateHostnameOverride(spec, at.child('hostnameOverride')),
  ];
}

/** Names that the pod goes by, or refers to others by, and other single values. */
function validateScalars(spec: PodSpec, at: FieldPath): FieldError[] {
  return [
    ...validateOptionalForm(spec.serviceAccountName, at.child('serviceAccountName'), dns1123Subdomain),
    ...validateOptionalForm(spec.nodeName, at.child('nodeName'), dns1123Subdomain),
    ...validateActiveDeadline(spec, at.child('activeDeadlineSeconds')),
    ...validateOptionalForm(spec.hostname, at.child('hostname'), dns1123Label),
    ...validateOptionalForm(spec.subdomain, at.child('subdomain'), dns1123Label),
    ...validateTolerations(spec.tolerations, at.child('tolerations')),
    ...validateHostAliases(spec.hostAliases, at.child('hostAliases')),
    ...validateOptionalForm(spec.priorityClassName, at.child('priorityClassName'), dns1123Subdomain),
    ...(spec.runtimeClassName === undefined ? [] : validateForm(spec.runtimeClassName, at.child('runtimeClassName'), dns1123Subdomain)),
    ...validatePreemption(spec, at.child('preemptionPolicy')),
    // What the runtime itself takes is checked as limits are.
    ...(spec.overhead ? validateResourceRequirements({ limits: spec.overhead }, at.child('overhead')) : []),
  ];
}

/** What pods and pod templates have in common; templates have no `podName`. What was `old` was taken by the rules of its time. */
export function validatePodSpec(spec: PodSpec, at: FieldPath, old: PodSpec | undefined, podName?: string): FieldError[] {
  const { terminationGracePeriodSeconds: graceSeconds, restartPolicy = '', hostUsers = true, os } = spec;
  const volumes = validateVolumes(spec.volumes ?? [], podName ?? '', at.child('volumes'));
  const claims = new Set(spec.resourceClaims?.map(({ name }) => name).filter((name) => name !== ''));
  const pod: PodContext = { volumes: volumes.byName, claims, restartPolicy, graceSeconds, hostUsers, os };
  const named = new Map(spec.volumes?.map((volume) => [volume.name, volume]));
  return [
    ...(graceSeconds === undefined ? [required(at.child('terminationGracePeriodSeconds'))] : []),
    ...volumes.errors,
    ...validatePodClaims(spec.resourceClaims, at.child('resourceClaims')),
    ...validateAllContainers(spec, pod, at),
    ...(spec.hostNetwork ? validateHostNetworkPorts(spec.containers ?? [], at.child('containers'), podName !== undefined) : []),
    ...validateSurroundings(spec, at, old),
    ...validateScalars(spec, at),
    ...validateOperatingSystem(spec, at),
    ...containersOf(spec, at).flatMap(([{ env }, here]) => validateFileVolumes(env, named, here.child('env'))),
  ];
}
