import type { apps, autoscaling, batch, coordination, core, discovery, resource, storage } from '@keelson/schema';
import type { GatedField } from '@keelson/server';
import { gated } from './gated-path.js';
import { containerRestartRules, crossNamespaceSources, imageVolumes, procMounts, stopSignals } from './gated-rules.js';

/**
 * Which fields belong to which of Kubernetes' feature gates. Gates that are locked are not here: their fields are always
 * taken.
 */

const containers = ['initContainers[]', 'containers[]', 'ephemeralContainers[]'];
const statuses = ['status.initContainerStatuses[]', 'status.containerStatuses[]', 'status.ephemeralContainerStatuses[]'];
const inEach = (holders: readonly string[], ...fields: string[]) =>
  holders.flatMap((holder) => fields.map((field) => `${holder}.${field}`));

export const gatedInPodSpec: readonly GatedField<core.v1.PodSpec>[] = [
  gated('UserNamespacesSupport', ['hostUsers']),
  gated('SupplementalGroupsPolicy', ['securityContext.supplementalGroupsPolicy']),
  gated('SELinuxChangePolicy', ['securityContext.seLinuxChangePolicy']),
  gated('PodLevelResources', ['resources'], ['resources.requests', 'resources.limits']),
  gated('MatchLabelKeysInPodTopologySpread', ['topologySpreadConstraints[].matchLabelKeys']),
  gated('DynamicResourceAllocation', ['resourceClaims', ...inEach(containers, 'resources.claims')], ['resourceClaims']),
  gated('ClusterTrustBundleProjection', ['volumes[].projected.sources[].clusterTrustBundle']),
  gated('PodCertificateRequest', ['volumes[].projected.sources[].podCertificate']),
  gated('InPlacePodVerticalScaling', inEach(containers, 'resizePolicy'), inEach(containers.slice(0, 2), 'resizePolicy')),
  gated('HostnameOverride', ['hostnameOverride']),
  gated('EnvFiles', inEach(containers, 'env[].valueFrom.fileKeyRef')),
  containerRestartRules,
  imageVolumes,
  procMounts,
  stopSignals,
];

export const gatedInPodStatus: readonly GatedField<core.v1.Pod>[] = [
  gated(
    'InPlacePodVerticalScaling',
    inEach(statuses, 'resources', 'allocatedResources'),
    inEach(['spec.initContainers[]', 'spec.containers[]'], 'resizePolicy'),
  ),
  gated('DynamicResourceAllocation', ['status.resourceClaimStatuses'], ['spec.resourceClaims']),
  gated('DRAExtendedResource', ['status.extendedResourceClaimStatus']),
  gated('ResourceHealthStatus', inEach(statuses, 'allocatedResourcesStatus'), []),
  gated('SupplementalGroupsPolicy', inEach(statuses, 'user'), ['spec.securityContext.supplementalGroupsPolicy']),
  gated('PodObservedGenerationTracking', ['status.observedGeneration', 'status.conditions[].observedGeneration']),
];

export const gatedInNodes: readonly GatedField<core.v1.Node>[] = [gated('SupplementalGroupsPolicy', ['status.features'])];

export const gatedInClaims: readonly GatedField<core.v1.PersistentVolumeClaim>[] = [
  crossNamespaceSources,
  gated('VolumeAttributesClass', ['spec.volumeAttributesClassName']),
  gated('VolumeAttributesClass', ['status.currentVolumeAttributesClassName']),
  gated('VolumeAttributesClass', ['status.modifyVolumeStatus']),
];

export const gatedInVolumes: readonly GatedField<core.v1.PersistentVolume>[] = [
  gated('VolumeAttributesClass', ['spec.volumeAttributesClassName']),
];

export const gatedInStatefulSets: readonly GatedField<apps.v1.StatefulSet>[] = [
  gated('MaxUnavailableStatefulSet', ['spec.updateStrategy.rollingUpdate.maxUnavailable']),
];

/** Of deployments and of replica sets. */
export const gatedInReplicaStatus: readonly GatedField<object>[] = [
  gated('DeploymentReplicaSetTerminatingReplicas', ['status.terminatingReplicas']),
];

export const gatedInJobs: readonly GatedField<batch.v1.Job>[] = [gated('JobManagedBy', ['spec.managedBy'])];

export const gatedInAutoscalers: readonly GatedField<autoscaling.v2.HorizontalPodAutoscaler>[] = [
  gated('HPAConfigurableTolerance', ['spec.behavior.scaleUp.tolerance', 'spec.behavior.scaleDown.tolerance']),
];

export const gatedInLeases: readonly GatedField<coordination.v1.Lease>[] = [
  gated('CoordinatedLeaderElection', ['spec.strategy']),
  gated('CoordinatedLeaderElection', ['spec.preferredHolder']),
];

export const gatedInEndpointSlices: readonly GatedField<discovery.v1.EndpointSlice>[] = [
  gated('PreferSameTrafficDistribution', ['endpoints[].hints.forNodes']),
];

export const gatedInDrivers: readonly GatedField<storage.v1.CSIDriver>[] = [
  gated('SELinuxMountReadWriteOncePod', ['spec.seLinuxMount']),
  gated('MutableCSINodeAllocatableCount', ['spec.nodeAllocatableUpdatePeriodSeconds']),
];

export const gatedInAttachments: readonly GatedField<storage.v1.VolumeAttachment>[] = [
  gated('MutableCSINodeAllocatableCount', ['status.attachError.errorCode']),
  gated('MutableCSINodeAllocatableCount', ['status.detachError.errorCode']),
];

const requests = ['devices.requests[].exactly', 'devices.requests[].firstAvailable[]'];
const requestedCapacity = inEach(requests, 'capacity');
const consumableCapacity = [...requestedCapacity, 'devices.constraints[].distinctAttribute'];

export const gatedInClaimSpec: readonly GatedField<resource.v1beta2.ResourceClaimSpec>[] = [
  gated('DRAPrioritizedList', ['devices.requests[].firstAvailable']),
  gated('DRAAdminAccess', ['devices.requests[].exactly.adminAccess']),
  // Kubernetes means to drop `distinctAttribute` too, but does not.
  gated('DRAConsumableCapacity', requestedCapacity, consumableCapacity),
];

const results = 'status.allocation.devices.results[]';
const inSpec = (paths: readonly string[]) => paths.map((path) => `spec.${path}`);
const consumedCapacity = [`${results}.shareID`, `${results}.consumedCapacity`, 'status.devices[].shareID'];
const bindingConditions = [`${results}.bindingConditions`, `${results}.bindingFailureConditions`];

export const gatedInClaimStatus: readonly GatedField<resource.v1beta2.ResourceClaim>[] = [
  gated('DRAResourceClaimDeviceStatus', ['status.devices']),
  gated('DRAAdminAccess', [`${results}.adminAccess`], ['spec.devices.requests[].exactly.adminAccess', `${results}.adminAccess`]),
  gated('DRAConsumableCapacity', consumedCapacity, [...inSpec(consumableCapacity), ...consumedCapacity]),
  gated('DRADeviceBindingConditions', [...bindingConditions, 'status.allocation.allocationTimestamp'], bindingConditions),
];

export const gatedInDeviceClasses: readonly GatedField<resource.v1beta2.DeviceClass>[] = [
  gated('DRAExtendedResource', ['spec.extendedResourceName']),
];

const partitions = ['consumesCounters', 'nodeName', 'nodeSelector', 'allNodes'];

export const gatedInSlices: readonly GatedField<resource.v1beta2.ResourceSlice>[] = [
  gated('DRAPartitionableDevices', ['spec.perDeviceNodeSelection', 'spec.sharedCounters', ...inEach(['spec.devices[]'], ...partitions)]),
  gated('DRADeviceTaints', ['spec.devices[].taints']),
  gated('DRADeviceBindingConditions', inEach(['spec.devices[]'], 'bindsToNode', 'bindingConditions', 'bindingFailureConditions')),
  gated('DRAConsumableCapacity', ['spec.devices[].allowMultipleAllocations', 'spec.devices[].capacity{}.requestPolicy']),
];
