import type { ApiServerOptions } from '../support/start-api-server.js';

/** A server for conversations of our own: those in a folder of `own`. */
export type OwnServer = Pick<ApiServerOptions, 'flags' | 'files'> & { readonly folder: string };

/** Settings of one admission plugin, as `--admission-control-config-file` takes them. */
function settingsOf(name: string, configuration: object): OwnServer['files'] {
  const plugins = [{ name, configuration }];
  return { 'admission.json': JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AdmissionConfiguration', plugins }) };
}

const settingsFlag = { 'admission-control-config-file': '{dir}/admission.json' };

/** Without these the alpha kinds are not there, whatever versions are switched on. */
const gates = 'ClusterTrustBundle=true,PodCertificateRequest=true,StorageVersionMigrator=true';

/** Beta features, and those of an earlier stage that bring fields of their own. Policies that mutate need a version of theirs. */
const newFeatures = [
  'AllBeta=true',
  'MutatingAdmissionPolicy=false',
  ...[
    'EnvFiles',
    'HostnameOverride',
    'ContainerStopSignals',
    'ContainerRestartRules',
    'PodCertificateRequest',
    'DRADeviceTaints',
    'DRAExtendedResource',
    'DRAPartitionableDevices',
    'DRAConsumableCapacity',
    'DRADeviceBindingConditions',
    'PodLogsQuerySplitStreams',
    'MaxUnavailableStatefulSet',
    'HPAScaleToZero',
    'HPAConfigurableTolerance',
    'ClearingNominatedNodeNameAfterBinding',
    'RelaxedServiceNameValidation',
    'CrossNamespaceVolumeDataSource',
  ].map((gate) => `${gate}=true`),
].join();

export const ownServers: readonly OwnServer[] = [
  { folder: 'default', flags: {} },
  { folder: 'all-versions', flags: { 'runtime-config': 'api/all=true', 'feature-gates': gates } },
  { folder: 'removed-versions', flags: { 'runtime-config': 'api/all=true,api/legacy=true', 'feature-gates': gates } },
  {
    folder: 'mutating-policies',
    flags: { 'feature-gates': 'MutatingAdmissionPolicy=true', 'runtime-config': 'admissionregistration.k8s.io/v1beta1=true' },
  },
  { folder: 'new-features', flags: { 'feature-gates': newFeatures } },
  {
    folder: 'strict-features',
    flags: { 'feature-gates': 'StrictIPCIDRValidation=true,PodDeletionCost=false,SELinuxMount=true' },
  },
  {
    folder: 'pod-plugins',
    flags: {
      'enable-admission-plugins':
        'AlwaysPullImages,PodNodeSelector,PodTolerationRestriction,ExtendedResourceToleration,' +
        'LimitPodHardAntiAffinityTopology,DenyServiceExternalIPs',
      ...settingsFlag,
    },
    files: settingsOf('PodNodeSelector', { podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: 'env=prod' } }),
  },
  {
    folder: 'limiting-plugins',
    flags: { 'enable-admission-plugins': 'EventRateLimit,OwnerReferencesPermissionEnforcement,NodeRestriction', ...settingsFlag },
    files: settingsOf('EventRateLimit', {
      apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1',
      kind: 'Configuration',
      limits: [{ type: 'Namespace', qps: 1, burst: 3 }],
    }),
  },
];
