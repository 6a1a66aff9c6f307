import { defaultFeatures, featureGates, type Json, type KubeObject } from '@keelson/machinery';
import { dropDisabled, type Resource } from '@keelson/server';
import { describe, expect, it } from 'vitest';
import { builtInGroups } from '../built-in-groups.js';

const groups = builtInGroups({ eventTtlSeconds: 1, clusterIpRanges: ['10.0.0.0/24'], nodePortRange: { first: 30000, last: 30010 } });
const resources = new Map(groups.flatMap((group) => group.resources).map((one): [string, Resource] => [one.resource, one]));

function resourceNamed(name: string): Resource {
  const resource = resources.get(name);
  if (resource === undefined) throw new Error(`there are no ${name}`);
  return resource;
}

/** An object of the hub's kind, with what kinds need to be read and no defaults. */
function given(resource: string, json: object): KubeObject {
  return resourceNamed(resource).hub.codec.fromJson({ metadata: {}, ...json } as Json);
}

function left(resource: string, object: KubeObject, old: KubeObject | undefined, gate: string, on: boolean): KubeObject {
  const features = new Map(defaultFeatures).set(gate, on);
  dropDisabled(resourceNamed(resource).definition.gatedFields ?? [], features, object, old);
  return object;
}

const c = { name: 'c', image: 'i' };
const pod = (spec: object, status: object = {}) => ({ spec: { containers: [c], ...spec }, status });
const containers = (container: object) => ({ containers: [{ ...c, ...container }] });
const mount = { name: 'v', mountPath: '/v' };
const bundle = { clusterTrustBundle: { path: 'p' } };
const certificate = { podCertificate: { keyType: 'ED25519', signerName: 'a.b/c' } };
const projected = (...sources: object[]) => ({ volumes: [{ name: 'v', projected: { sources } }] });
const state = (status: object) => ({ containerStatuses: [{ name: 'c', image: 'i', imageID: '', ...status }] });
const spread = (more: object) => ({
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'k', whenUnsatisfiable: 'DoNotSchedule', ...more }],
});
const claims = (exactly: object) => ({ spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c', ...exactly } }] } } });
const result = { request: 'r', driver: 'd', pool: 'p', device: 'x' };
const allocated = (more: object) => ({ status: { allocation: { devices: { results: [{ ...result, ...more }] } } } });
const slice = (device: object) => ({ spec: { driver: 'd', pool: { name: 'p' }, devices: [{ name: 'x', ...device }] } });
const quota = { requests: { cpu: '1' } };

/** Gate, resource, an object that uses the feature, and what is left of it. */
const rows: [string, string, object, object][] = [
  ['ContainerRestartRules', 'pods', pod(containers({ restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart' }] })), pod({})],
  ['ContainerRestartRules', 'pods', pod({ initContainers: [{ ...c, restartPolicy: 'Never' }] }), pod({ initContainers: [c] })],
  ['ContainerStopSignals', 'pods', pod(containers({ lifecycle: { stopSignal: 'SIGHUP' } })), pod({})],
  [
    'EnvFiles',
    'pods',
    pod(containers({ env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'p', key: 'k' } } }] })),
    pod(containers({ env: [{ name: 'A', valueFrom: {} }] })),
  ],
  ['HostnameOverride', 'pods', pod({ hostnameOverride: 'h' }), pod({})],
  ['ImageVolume', 'pods', pod({ volumes: [{ name: 'v', image: { reference: 'i' } }], ...containers({ volumeMounts: [mount] }) }), pod({})],
  ['ClusterTrustBundleProjection', 'pods', pod(projected(bundle)), pod(projected({}))],
  ['PodCertificateRequest', 'pods', pod(projected(certificate)), pod(projected({}))],
  ['UserNamespacesSupport', 'pods', pod({ hostUsers: false }), pod({})],
  [
    'SupplementalGroupsPolicy',
    'pods',
    pod({ securityContext: { supplementalGroupsPolicy: 'Strict', runAsUser: 1 } }),
    pod({ securityContext: { runAsUser: 1 } }),
  ],
  ['SELinuxChangePolicy', 'pods', pod({ securityContext: { seLinuxChangePolicy: 'Recursive' } }), pod({ securityContext: {} })],
  ['PodLevelResources', 'pods', pod({ resources: quota }), pod({})],
  ['MatchLabelKeysInPodTopologySpread', 'pods', pod(spread({ matchLabelKeys: ['a'] })), pod(spread({}))],
  [
    'DynamicResourceAllocation',
    'pods',
    pod({ resourceClaims: [{ name: 'r' }], ...containers({ resources: { claims: [{ name: 'r' }] } }) }),
    pod(containers({ resources: {} })),
  ],
  [
    'InPlacePodVerticalScaling',
    'pods',
    pod(containers({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] }), state({ allocatedResources: { cpu: '1' } })),
    pod({}, state({})),
  ],
  [
    'ProcMountType',
    'pods',
    pod(containers({ securityContext: { procMount: 'Unmasked' } })),
    pod(containers({ securityContext: { procMount: 'Default' } })),
  ],
  [
    'PodObservedGenerationTracking',
    'pods',
    pod({}, { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True', observedGeneration: 1 }] }),
    pod({}, { conditions: [{ type: 'Ready', status: 'True' }] }),
  ],
  ['DRAExtendedResource', 'pods', pod({}, { extendedResourceClaimStatus: { resourceClaimName: 'r', requestMappings: [] } }), pod({})],
  ['PodLevelResources', 'deployments', { spec: { template: pod({ resources: quota }) } }, { spec: { template: pod({}) } }],
  ['HostnameOverride', 'cronjobs', inCronJob(pod({ hostnameOverride: 'h' })), inCronJob(pod({}))],
  ['HostnameOverride', 'podtemplates', { template: pod({ hostnameOverride: 'h' }) }, { template: pod({}) }],
  ['DeploymentReplicaSetTerminatingReplicas', 'deployments', { status: { terminatingReplicas: 1 } }, {}],
  ['DeploymentReplicaSetTerminatingReplicas', 'replicasets', { status: { terminatingReplicas: 1 } }, {}],
  [
    'MaxUnavailableStatefulSet',
    'statefulsets',
    { spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 2, partition: 1 } } } },
    { spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } },
  ],
  ['JobManagedBy', 'jobs', { spec: { managedBy: 'a.b/c' } }, {}],
  [
    'HPAConfigurableTolerance',
    'horizontalpodautoscalers',
    { spec: { behavior: { scaleUp: { tolerance: '0.1' } } } },
    { spec: { behavior: { scaleUp: {} } } },
  ],
  ['CrossNamespaceVolumeDataSource', 'persistentvolumeclaims', { spec: { dataSourceRef: { kind: 'A', name: 'a', namespace: 'n' } } }, {}],
  ['VolumeAttributesClass', 'persistentvolumeclaims', { spec: { volumeAttributesClassName: 'v' } }, {}],
  ['VolumeAttributesClass', 'persistentvolumeclaims', { status: { currentVolumeAttributesClassName: 'v' } }, {}],
  ['VolumeAttributesClass', 'persistentvolumes', { spec: { volumeAttributesClassName: 'v' } }, {}],
  ['SupplementalGroupsPolicy', 'nodes', { status: { features: { supplementalGroupsPolicy: true } } }, {}],
  ['CoordinatedLeaderElection', 'leases', { spec: { strategy: 'OldestEmulationVersion' } }, {}],
  [
    'PreferSameTrafficDistribution',
    'endpointslices',
    { endpoints: [{ addresses: ['1.2.3.4'], hints: { forNodes: [{ name: 'n' }], forZones: [{ name: 'z' }] } }] },
    { endpoints: [{ addresses: ['1.2.3.4'], hints: { forZones: [{ name: 'z' }] } }] },
  ],
  ['SELinuxMountReadWriteOncePod', 'csidrivers', { spec: { seLinuxMount: true } }, {}],
  ['MutableCSINodeAllocatableCount', 'csidrivers', { spec: { nodeAllocatableUpdatePeriodSeconds: 10 } }, {}],
  [
    'MutableCSINodeAllocatableCount',
    'volumeattachments',
    { status: { attachError: { message: 'm', errorCode: 8 } } },
    { status: { attachError: { message: 'm' } } },
  ],
  ['DRAAdminAccess', 'resourceclaims', claims({ adminAccess: true }), claims({})],
  ['DRAAdminAccess', 'resourceclaims', allocated({ adminAccess: true }), allocated({})],
  [
    'DRAPrioritizedList',
    'resourceclaims',
    { spec: { devices: { requests: [{ name: 'r', firstAvailable: [{ name: 's', deviceClassName: 'c' }] }] } } },
    { spec: { devices: { requests: [{ name: 'r' }] } } },
  ],
  ['DRAConsumableCapacity', 'resourceclaims', claims({ capacity: { requests: { memory: '1Gi' } } }), claims({})],
  ['DRAConsumableCapacity', 'resourceclaims', allocated({ shareID: 's', consumedCapacity: { memory: '1Gi' } }), allocated({})],
  [
    'DRAConsumableCapacity',
    'resourceclaimtemplates',
    { spec: claims({ capacity: { requests: { memory: '1Gi' } } }) },
    { spec: claims({}) },
  ],
  ['DRADeviceBindingConditions', 'resourceclaims', allocated({ bindingConditions: ['a'] }), allocated({})],
  ['DRAResourceClaimDeviceStatus', 'resourceclaims', { status: { devices: [{ driver: 'd', pool: 'p', device: 'x' }] } }, {}],
  ['DRAExtendedResource', 'deviceclasses', { spec: { extendedResourceName: 'a.b/c' } }, {}],
  ['DRAPartitionableDevices', 'resourceslices', slice({ nodeName: 'n' }), slice({})],
  ['DRADeviceTaints', 'resourceslices', slice({ taints: [{ key: 'k', effect: 'NoExecute' }] }), slice({})],
  ['DRADeviceBindingConditions', 'resourceslices', slice({ bindsToNode: true, bindingConditions: ['a'] }), slice({})],
  [
    'DRAConsumableCapacity',
    'resourceslices',
    slice({ allowMultipleAllocations: true, capacity: { m: { value: '1', requestPolicy: { default: '1' } } } }),
    slice({ capacity: { m: { value: '1' } } }),
  ],
];

function inCronJob(template: object): object {
  return { spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } };
}

describe('what belongs to a feature', () => {
  it.each(rows)('is taken while %s is on: %s', (gate, resource, json) => {
    expect(left(resource, given(resource, json), undefined, gate, true)).toEqual(given(resource, json));
  });

  it.each(rows)('is taken away while %s is off: %s', (gate, resource, json, rest) => {
    expect(left(resource, given(resource, json), undefined, gate, false)).toEqual(given(resource, rest));
    expect(left(resource, given(resource, json), given(resource, rest), gate, false)).toEqual(given(resource, rest));
  });

  it.each(rows)('stays where it was before %s went off: %s', (gate, resource, json) => {
    expect(left(resource, given(resource, json), given(resource, json), gate, false)).toEqual(given(resource, json));
  });
});

it('takes the health of allocated resources from who had it, too', () => {
  const json = pod({}, state({ allocatedResourcesStatus: [{ name: 'a' }] }));
  expect(left('pods', given('pods', json), given('pods', json), 'ResourceHealthStatus', false)).toEqual(given('pods', pod({}, state({}))));
});

it('is not what makes a sidecar', () => {
  const json = pod({ initContainers: [{ ...c, restartPolicy: 'Always' }], volumes: [{ name: 'v', emptyDir: {} }] });
  expect(left('pods', given('pods', json), undefined, 'ContainerRestartRules', false)).toEqual(given('pods', json));
});

it('knows gates that can be switched only', () => {
  const used = [...resources.values()].flatMap(({ definition: { feature, gatedFields = [] } }) => [
    ...(feature === undefined ? [] : [feature]),
    ...gatedFields.map((field) => field.feature),
  ]);
  expect([...new Set(used)].filter((gate) => featureGates.get(gate)?.locked !== false)).toEqual([]);
});
