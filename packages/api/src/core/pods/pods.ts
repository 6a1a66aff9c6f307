import { dns1123Label, type Features, path } from '@keelson/machinery';
import { core, qosClass } from '@keelson/schema';
import { type DeleteContext, defineResource, type Resource, type WriteContext } from '@keelson/server';
import { gatedInPodSpec, gatedInPodStatus } from '../../features/gated-fields.js';
import { within } from '../../features/gated-path.js';
import { adoptAppArmorAnnotations } from '../../pod/app-armor-annotations.js';
import { useAppArmorField } from '../../pod/warnings/annotation-warnings.js';
import { podWarnings } from '../../pod/warnings/pod-warnings.js';
import { podDestination } from '../connect/destinations/pod-destination.js';
import { logSubresource } from '../connect/log-subresource.js';
import { proxySubresource } from '../connect/proxy-subresource.js';
import { attach, exec, type PodConnections, portForward, streamSubresource } from '../connect/streams/stream-subresource.js';
import { binding } from './binding.js';
import { ephemeralContainers } from './ephemeral-containers.js';
import { eviction } from './eviction.js';
import { mergeMatchLabelKeys } from './match-label-keys.js';
import { podColumns, podRowConditions } from './pod-columns.js';
import { defaultPod } from './pod-defaults.js';
import { defaultResources } from './pod-resource-defaults.js';
import { podStatus } from './pod-status.js';
import { validatePod } from './pod-validation.js';
import { resize } from './resize.js';

type Pod = core.v1.Pod;

function prepareForCreate(pod: Pod, { now, features, warn }: WriteContext): void {
  pod.status = { phase: 'Pending', qosClass: qosClass(pod.spec) };
  if (pod.spec.schedulingGates?.length) pod.status.conditions = [gated(now)];
  mergeMatchLabelKeys(pod, features);
  adoptAppArmorAnnotations(pod, (key) => warn(`${path('metadata', 'annotations').key(key)}: ${useAppArmorField}`));
}

function nameWarnings({ metadata }: Pod): string[] {
  const problems = dns1123Label(metadata.name ?? '');
  if (problems.length === 0) return [];
  const why = "this is used in the Pod's hostname, which can result in surprising behavior";
  return [`metadata.name: ${why}; a DNS label is recommended: [${problems.join(' ')}]`];
}

function gated(now: string): core.v1.PodCondition {
  return {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastProbeTime: null,
    lastTransitionTime: now,
  };
}

/** Nobody has to stop a pod that runs nowhere, or no more. */
function graceSeconds({ spec, status }: Pod, { gracePeriodSeconds }: DeleteContext): number {
  if (!spec.nodeName || status.phase === 'Failed' || status.phase === 'Succeeded') return 0;
  const seconds = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

/** `disruptionBudgets` is asked when a pod is to be evicted; `connections`: whom pods are reached through. */
export function createPods(disruptionBudgets: Resource, features: Features, connections: PodConnections): Resource {
  const reached = { ...connections, pods: () => pods };
  const pods: Resource = defineResource<Pod>(core.v1.Pod, {
    names: { plural: 'pods', short: ['po'], categories: ['all'] },
    scope: 'Namespaced',
    storage: { key: 'pods', triggerField: 'spec.nodeName' },
    deleteReturns: 'object',
    graceSeconds,
    resetFields: ['status'],
    generationOf: ({ spec }) => spec,
    selectableFields: {
      'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
      'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
      'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
      'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
      'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
      'status.phase': ({ status }) => status.phase ?? '',
      'status.podIP': ({ status }) => status.podIPs?.[0]?.ip ?? '',
      // May be asked for, but has never had a value.
      'status.podIPs': () => '',
      'status.nominatedNodeName': ({ status }) => status.nominatedNodeName ?? '',
    },
    fieldAliases: { 'spec.host': 'spec.nodeName' },
    subresources: {
      status: podStatus,
      binding: binding(() => pods),
      eviction: eviction(disruptionBudgets, () => pods),
      ephemeralcontainers: ephemeralContainers,
      ...(features.get('InPlacePodVerticalScaling') && { resize }),
      attach: streamSubresource(attach, reached, features),
      exec: streamSubresource(exec, reached, features),
      log: logSubresource(reached, features),
      portforward: streamSubresource(portForward, reached, features),
      proxy: proxySubresource('PodProxyOptions', podDestination(reached.kubelets.agents)),
    },
    defaults: defaultPod,
    gatedFields: [...within<Pod, core.v1.PodSpec>(({ spec }) => spec, gatedInPodSpec), ...gatedInPodStatus],
    prepareForCreate,
    // Limits that admission has set are asked for as well.
    completeForStorage: ({ spec }) => defaultResources(spec),
    validate: validatePod,
    // Nobody reads what a scheduler or kubelet is warned of, and they update often.
    warnings: (pod, old) => (old === undefined ? [...nameWarnings(pod), ...podWarnings(pod)] : []),
    columns: podColumns,
    rowConditions: podRowConditions,
  });
  return pods;
}
