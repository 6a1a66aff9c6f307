import { FlagError } from './flag-error.js';
import { parseBoolean } from './flag-type.js';

export interface FeatureGate {
  readonly stage: 'alpha' | 'beta' | 'ga' | 'deprecated';
  readonly on: boolean;
  /** Can no longer be set to anything but its default. */
  readonly locked: boolean;
}

const names = (text: string): string[] => text.trim().split(/\s+/);

/** The gates of Kubernetes v1.34 with the same stage and default, in one row. */
const rows: readonly (FeatureGate & { readonly names: readonly string[] })[] = [
  {
    stage: 'ga',
    on: true,
    locked: true,
    names: names(`
    APIServerTracing AnonymousAuthConfigurableEndpoints AnyVolumeDataSource AuthorizeNodeWithSelectors AuthorizeWithSelectors
    BtreeWatchCache CPUManagerPolicyOptions CRDValidationRatcheting CSIMigrationPortworx ComponentSLIs ConsistentListFromCache
    CronJobsScheduledAnnotation CustomResourceFieldSelectors HonorPVReclaimPolicy JobBackoffLimitPerIndex JobPodReplacementPolicy
    JobSuccessPolicy KubeletCgroupDriverFromCRI KubeletTracing LoadBalancerIPMode LogarithmicScaleDown MatchLabelKeysInPodAffinity
    MemoryManager MultiCIDRServiceAllocator NFTablesProxyMode NodeInclusionPolicyInPodTopologySpread NodeSwap
    OrderedNamespaceDeletion PodIndexLabel PodLifecycleSleepAction PodLifecycleSleepActionAllowZero PodSchedulingReadiness
    ProbeHostPodSecurityStandards RecoverVolumeExpansionFailure RecursiveReadOnlyMounts RelaxedDNSSearchValidation
    RelaxedEnvironmentVariableValidation ResilientWatchCacheInitialization RetryGenerateName SchedulerQueueingHints
    SeparateTaintEvictionController ServiceAccountTokenJTI ServiceAccountTokenNodeBinding ServiceAccountTokenNodeBindingValidation
    ServiceAccountTokenPodNodeInfo ServiceTrafficDistribution SidecarContainers SizeMemoryBackedVolumes StatefulSetAutoDeletePVC
    StreamingCollectionEncodingToJSON StreamingCollectionEncodingToProtobuf StrictCostEnforcementForVAP
    StrictCostEnforcementForWebhooks StructuredAuthenticationConfiguration StructuredAuthorizationConfiguration TopologyAwareHints
    WinDSR WinOverlay
    `),
  },
  {
    stage: 'ga',
    on: true,
    locked: false,
    names: names(`
    DisableAllocatorDualWrite DynamicResourceAllocation ExecProbeTimeout TopologyManagerPolicyOptions VolumeAttributesClass
    `),
  },
  {
    stage: 'beta',
    on: true,
    locked: false,
    names: names(`
    APIResponseCompression APIServerIdentity AllowParsingUserUIDFromCertAuth CPUManagerPolicyBetaOptions ContainerCheckpoint
    ContextualLogging DRAAdminAccess DRAPrioritizedList DRAResourceClaimDeviceStatus DRASchedulerFilterTimeout
    DeclarativeValidation DetectCacheInconsistency DisableCPUQuotaWithExclusiveCPUs ExternalServiceAccountTokenSigner
    GracefulNodeShutdown GracefulNodeShutdownBasedOnPodPriority ImageMaximumGCAge InPlacePodVerticalScaling JobManagedBy
    KubeletFineGrainedAuthz KubeletPSI KubeletPodResourcesDynamicResources KubeletPodResourcesGet KubeletSeparateDiskGC
    KubeletServiceAccountTokenForCredentialProviders ListFromCacheSnapshot LoggingBetaOptions MatchLabelKeysInPodTopologySpread
    MatchLabelKeysInPodTopologySpreadSelectorMerge NodeLogQuery OpenAPIEnums PodDeletionCost PodLevelResources
    PodObservedGenerationTracking PodReadyToStartContainersCondition PortForwardWebsockets PreferSameTrafficDistribution
    PreventStaticPodAPIReferences ProcMountType ReloadKubeletServerCertificateFile RemoteRequestHeaderUID
    RotateKubeletServerCertificate SELinuxChangePolicy SELinuxMountReadWriteOncePod SchedulerAsyncPreemption
    SchedulerPopFromBackoffQ ServiceAccountNodeAudienceRestriction SizeBasedListCostEstimate StatefulSetSemanticRevisionComparison
    StorageVersionHash StructuredAuthenticationConfigurationEgressSelector SupplementalGroupsPolicy SystemdWatchdog
    TokenRequestServiceAccountUIDValidation TopologyManagerPolicyBetaOptions TranslateStreamCloseWebsocketRequests
    UnauthenticatedHTTP2DOSMitigation UserNamespacesSupport WatchList WindowsGracefulNodeShutdown
    `),
  },
  {
    stage: 'beta',
    on: false,
    locked: false,
    names: names(`
    ClusterTrustBundle ClusterTrustBundleProjection ConcurrentWatchObjectDecode CoordinatedLeaderElection
    DeclarativeValidationTakeover ImageVolume LocalStorageCapacityIsolationFSQuotaMonitoring MutableCSINodeAllocatableCount
    MutatingAdmissionPolicy SELinuxMount SchedulerAsyncAPICalls WatchCacheInitializationPostStartHook
    `),
  },
  {
    stage: 'alpha',
    on: false,
    locked: false,
    names: names(`
    APIServingWithRoutine AllowUnsafeMalformedObjectDeletion CBORServingAndStorage CPUManagerPolicyAlphaOptions CSIVolumeHealth
    ClearingNominatedNodeNameAfterBinding CloudControllerManagerWebhook ComponentFlagz ComponentStatusz ContainerRestartRules
    ContainerStopSignals CrossNamespaceVolumeDataSource CustomCPUCFSQuotaPeriod DRAConsumableCapacity DRADeviceBindingConditions
    DRADeviceTaints DRAExtendedResource DRAPartitionableDevices DeploymentReplicaSetTerminatingReplicas EnvFiles EventedPLEG
    HPAConfigurableTolerance HPAScaleToZero HostnameOverride InPlacePodVerticalScalingExclusiveCPUs
    InPlacePodVerticalScalingExclusiveMemory InTreePluginPortworxUnregister KubeletCrashLoopBackOffMax
    KubeletEnsureSecretPulledImages KubeletInUserNamespace LoggingAlphaOptions MaxUnavailableStatefulSet MemoryQoS
    NominatedNodeNameForExpectation PodAndContainerStatsFromCRI PodCertificateRequest PodLogsQuerySplitStreams
    PodTopologyLabelsAdmission QOSReserved ReduceDefaultCrashLoopBackOffDecay RelaxedServiceNameValidation ResourceHealthStatus
    RuntimeClassInImageCriApi StorageCapacityScoring StorageVersionAPI StorageVersionMigrator StrictIPCIDRValidation
    TopologyManagerPolicyAlphaOptions UnknownVersionInteroperabilityProxy UserNamespacesPodSecurityStandards
    WindowsCPUAndMemoryAffinity
    `),
  },
  {
    stage: 'deprecated',
    on: true,
    locked: false,
    names: names(`
    AggregatedDiscoveryRemoveBetaType DisableNodeKubeProxyVersion KubeletPodResourcesListUseActivePods StorageNamespaceIndex
    `),
  },
  {
    stage: 'deprecated',
    on: false,
    locked: false,
    names: names(`
    AllowDNSOnlyNodeCSR AllowInsecureKubeletCertificateSigningRequests AllowOverwriteTerminationGracePeriodSeconds
    GitRepoVolumeDriver InPlacePodVerticalScalingAllocatedStatus KMSv1 KubeletRegistrationGetOnExistsOnly SeparateCacheWatchRPC
    WindowsHostNetwork
    `),
  },
  {
    stage: 'deprecated',
    on: false,
    locked: true,
    names: names(`
    AllowServiceLBStatusOnNonLB WatchFromStorageWithoutResourceVersion
    `),
  },
];

export const featureGates: ReadonlyMap<string, FeatureGate> = new Map(
  rows.flatMap(({ names, ...gate }) => names.map((name): [string, FeatureGate] => [name, gate])),
);

/** Those that switch something here. */
const effective: ReadonlySet<string> = new Set(['MutatingAdmissionPolicy', 'UserNamespacesPodSecurityStandards']);

/** The state of every gate, given `--feature-gates`. `AllAlpha` and `AllBeta` apply first, single gates win over them. */
export function resolveFeatureGates(settings: ReadonlyMap<string, string>): ReadonlyMap<string, boolean> {
  const wanted = new Map([...settings].map(([key, text]) => [gateName(key), parseSetting(key, text)] as const));
  const state = new Map([...featureGates].map(([name, gate]) => [name, wanted.get(stageSwitch(gate)) ?? gate.on] as const));
  for (const [name, on] of wanted) {
    if (name === 'AllAlpha' || name === 'AllBeta') continue;
    const gate = featureGates.get(name);
    if (gate === undefined) throw new FlagError(`invalid argument for "--feature-gates" flag: unrecognized feature gate: ${name}`);
    if (gate.locked && gate.on !== on) {
      throw new FlagError(
        `invalid argument for "--feature-gates" flag: cannot set feature gate ${name} to ${on}, feature is locked to ${gate.on}`,
      );
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
    throw new FlagError(`invalid argument for "--feature-gates" flag: invalid value of ${key}=${text}`, { cause: error });
  }
}
