export interface AdmissionPluginEntry {
  readonly name: string;
  readonly defaultOn: boolean;
}

const on = (name: string): AdmissionPluginEntry => ({ name, defaultOn: true });
const off = (name: string): AdmissionPluginEntry => ({ name, defaultOn: false });

/**
 * The admission plugins of Kubernetes v1.34, and Initializers of v1.13, in the order they run, whatever the order on the
 * command line.
 */
export const admissionPlugins: readonly AdmissionPluginEntry[] = [
  off('AlwaysAdmit'),
  off('NamespaceAutoProvision'),
  on('NamespaceLifecycle'),
  off('NamespaceExists'),
  off('LimitPodHardAntiAffinityTopology'),
  on('LimitRanger'),
  on('ServiceAccount'),
  off('NodeRestriction'),
  on('TaintNodesByCondition'),
  off('AlwaysPullImages'),
  off('ImagePolicyWebhook'),
  on('PodSecurity'),
  off('PodNodeSelector'),
  on('Priority'),
  on('DefaultTolerationSeconds'),
  off('PodTolerationRestriction'),
  off('EventRateLimit'),
  off('ExtendedResourceToleration'),
  on('DefaultStorageClass'),
  on('StorageObjectInUseProtection'),
  off('OwnerReferencesPermissionEnforcement'),
  on('PersistentVolumeClaimResize'),
  on('RuntimeClass'),
  on('CertificateApproval'),
  on('CertificateSigning'),
  on('ClusterTrustBundleAttest'),
  on('CertificateSubjectRestriction'),
  on('DefaultIngressClass'),
  off('DenyServiceExternalIPs'),
  on('PodTopologyLabels'),
  on('MutatingAdmissionPolicy'),
  on('MutatingAdmissionWebhook'),
  off('Initializers'),
  on('ValidatingAdmissionPolicy'),
  on('ValidatingAdmissionWebhook'),
  on('ResourceQuota'),
  off('AlwaysDeny'),
];

export interface AdmissionPluginSelection {
  readonly enable: readonly string[];
  readonly disable: readonly string[];
}

/** Names of the plugins that run, in their order. */
export function pluginsThatRun({ enable, disable }: AdmissionPluginSelection): readonly string[] {
  return admissionPlugins
    .filter(({ name, defaultOn }) => enable.includes(name) || (defaultOn && !disable.includes(name)))
    .map(({ name }) => name);
}
