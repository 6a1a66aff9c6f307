import type { core } from '@keelson/schema';
import { defaultContainer } from './container-defaults.js';
import { dropInitContainerAnnotations } from './init-container-annotations.js';
import { roundResourceList } from './resource-list.js';
import { defaultVolume } from './volume-defaults.js';

/** Conditional defaults of a pod template, as every workload has one. In place. */
export function defaultPodTemplate(template: core.v1.PodTemplateSpec): void {
  dropInitContainerAnnotations(template.metadata);
  defaultPodSpec(template.spec);
}

/** Conditional defaults that pods and pod templates have in common. In place. */
export function defaultPodSpec(spec: core.v1.PodSpec): void {
  spec.restartPolicy ||= 'Always';
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.schedulerName ||= 'default-scheduler';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount;
  spec.volumes?.forEach(defaultVolume);
  spec.initContainers?.forEach(defaultContainer);
  spec.containers?.forEach(defaultContainer);
  spec.ephemeralContainers?.forEach(defaultContainer);
  roundResourceList(spec.overhead);
  roundResourceList(spec.resources?.limits);
  roundResourceList(spec.resources?.requests);
}
