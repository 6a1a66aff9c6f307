import type { core } from '@keelson/schema';
import { defaultPodSpec } from '../../pod/defaults.js';
import { dropInitContainerAnnotations } from '../../pod/init-container-annotations.js';
import { roundResourceList } from '../../pod/resource-list.js';
import { defaultResources } from './pod-resource-defaults.js';

type Pod = core.v1.Pod;

/** On the host's network a container's port is the host's. */
function defaultHostPorts({ hostNetwork, containers, initContainers }: core.v1.PodSpec): void {
  if (!hostNetwork) return;
  for (const { ports } of [...(containers ?? []), ...(initContainers ?? [])]) {
    for (const port of ports ?? []) port.hostPort ||= port.containerPort;
  }
}

/** The single address and the list of them are one value; the single one wins where they differ (KEP-563). */
function alignPodIps(status: core.v1.PodStatus): void {
  if (status.podIP && status.podIP !== status.podIPs?.[0]?.ip) status.podIPs = [{ ip: status.podIP }];
  else if (!status.podIP && status.podIPs?.[0]?.ip) status.podIP = status.podIPs[0].ip;
}

/** Conditional defaults of a pod. In place. */
export function defaultPod({ metadata, spec, status }: Pod): void {
  dropInitContainerAnnotations(metadata);
  defaultPodSpec(spec);
  // Templates keep what they say, for their controllers; the pods that they make do not.
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  spec.enableServiceLinks ??= true;
  defaultHostPorts(spec);
  defaultResources(spec);
  alignPodIps(status);
  for (const { allocatedResources, resources } of [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]) {
    roundResourceList(allocatedResources);
    roundResourceList(resources?.limits);
    roundResourceList(resources?.requests);
  }
}
