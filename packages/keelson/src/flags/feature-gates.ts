import { type FeatureGate, type Features, featureGates } from '@keelson/machinery';
import { FlagError } from './flag-error.js';
import { parseBoolean } from './flag-type.js';

/** Those that switch something here. */
const effective: ReadonlySet<string> = new Set(
  `
  APIResponseCompression APIServerIdentity AggregatedDiscoveryRemoveBetaType AllowInsecureKubeletCertificateSigningRequests
  AllowParsingUserUIDFromCertAuth AllowUnsafeMalformedObjectDeletion ClearingNominatedNodeNameAfterBinding ClusterTrustBundle
  ClusterTrustBundleProjection ComponentFlagz ComponentStatusz ContainerRestartRules ContainerStopSignals CoordinatedLeaderElection
  CrossNamespaceVolumeDataSource DRAAdminAccess DRAConsumableCapacity DRADeviceBindingConditions DRADeviceTaints DRAExtendedResource
  DRAPartitionableDevices DRAPrioritizedList DRAResourceClaimDeviceStatus DeploymentReplicaSetTerminatingReplicas
  DynamicResourceAllocation EnvFiles ExternalServiceAccountTokenSigner GitRepoVolumeDriver HPAConfigurableTolerance HPAScaleToZero
  HostnameOverride ImageVolume InPlacePodVerticalScaling JobManagedBy KubeletFineGrainedAuthz
  KubeletServiceAccountTokenForCredentialProviders MatchLabelKeysInPodTopologySpread MatchLabelKeysInPodTopologySpreadSelectorMerge
  MaxUnavailableStatefulSet MutableCSINodeAllocatableCount MutatingAdmissionPolicy OpenAPIEnums PodCertificateRequest PodDeletionCost
  PodLevelResources PodLogsQuerySplitStreams PodObservedGenerationTracking PodTopologyLabelsAdmission PortForwardWebsockets
  PreferSameTrafficDistribution ProcMountType RelaxedServiceNameValidation RemoteRequestHeaderUID ResourceHealthStatus
  SELinuxChangePolicy SELinuxMount SELinuxMountReadWriteOncePod ServiceAccountNodeAudienceRestriction StorageVersionHash
  StorageVersionMigrator StrictIPCIDRValidation StructuredAuthenticationConfigurationEgressSelector SupplementalGroupsPolicy
  TokenRequestServiceAccountUIDValidation TranslateStreamCloseWebsocketRequests UnauthenticatedHTTP2DOSMitigation
  UserNamespacesPodSecurityStandards UserNamespacesSupport VolumeAttributesClass WatchList
  `
    .trim()
    .split(/\s+/),
);

/** The state of every gate, given `--feature-gates`. `AllAlpha` and `AllBeta` apply first, single gates win over them. */
export function resolveFeatureGates(settings: ReadonlyMap<string, string>): Features {
  const wanted = new Map([...settings].map(([key, text]) => [gateName(key), parseSetting(key, text)] as const));
  const state = new Map([...featureGates].map(([name, gate]) => [name, wanted.get(stageSwitch(gate)) ?? gate.on] as const));
  for (const [name, on] of wanted) {
    if (name === 'AllAlpha' || name === 'AllBeta') continue;
    const gate = featureGates.get(name);
    if (gate === undefined) throw new FlagError(`--feature-gates: unrecognized feature gate: ${name}`);
    if (gate.locked && gate.on !== on) {
      throw new FlagError(`--feature-gates: cannot set feature gate ${name} to ${on}, feature is locked to ${gate.on}`);
    }
    state.set(name, on);
  }
  return state;
}

/** Which settings, as they were given, change nothing here. What a stage stands for includes gates that do. */
export function ineffectiveFeatureGates(settings: ReadonlyMap<string, string>): string[] {
  return [...settings].filter(([key, text]) => changesNothing(key, text)).map(([key, text]) => `${key}=${text}`);
}

function changesNothing(key: string, text: string): boolean {
  const gate = featureGates.get(gateName(key));
  return gate !== undefined && !effective.has(gateName(key)) && parseSetting(key, text) !== gate.on;
}

const gateName = (key: string): string => key.replace(/^kube:/, '');

function stageSwitch(gate: FeatureGate): string {
  if (gate.stage === 'alpha') return 'AllAlpha';
  return gate.stage === 'beta' ? 'AllBeta' : '';
}

function parseSetting(key: string, text: string): boolean {
  try {
    return parseBoolean(text);
  } catch (error) {
    throw new FlagError(`--feature-gates: invalid value of ${key}=${text}, err: ${(error as Error).message}`, { cause: error });
  }
}
