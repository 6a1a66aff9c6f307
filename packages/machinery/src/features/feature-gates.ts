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
    GracefulNodeShutdown GracefulNodeShutdownBasedOnPodPriority ImageMaximumGCAge InOrderInformers InPlacePodVerticalScaling JobManagedBy
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
    MutatingAdmissionPolicy SELinuxMount SchedulerAsyncAPICalls WatchCacheInitializationPostStartHook WatchListClient
    `),
  },
  {
    stage: 'alpha',
    on: false,
    locked: false,
    names: names(`
    APIServingWithRoutine AllowUnsafeMalformedObjectDeletion CBORServingAndStorage CPUManagerPolicyAlphaOptions CSIVolumeHealth
    ClearingNominatedNodeNameAfterBinding ClientsAllowCBOR ClientsPreferCBOR CloudControllerManagerWebhook ComponentFlagz ComponentStatusz ContainerRestartRules
    ContainerStopSignals CrossNamespaceVolumeDataSource CustomCPUCFSQuotaPeriod DRAConsumableCapacity DRADeviceBindingConditions
    DRADeviceTaints DRAExtendedResource DRAPartitionableDevices DeploymentReplicaSetTerminatingReplicas EnvFiles EventedPLEG
    HPAConfigurableTolerance HPAScaleToZero HostnameOverride InPlacePodVerticalScalingExclusiveCPUs
    InPlacePodVerticalScalingExclusiveMemory InTreePluginPortworxUnregister InformerResourceVersion KubeletCrashLoopBackOffMax
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

/** State of feature gates by name. One that is not in it is off. */
export type Features = ReadonlyMap<string, boolean>;

export const defaultFeatures: Features = new Map([...featureGates].map(([name, { on }]) => [name, on]));
