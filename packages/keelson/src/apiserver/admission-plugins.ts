import { FlagError } from '../flags/flag-error.js';

export interface AdmissionPluginEntry {
  readonly name: string;
  readonly defaultOn: boolean;
}

const on = (name: string): AdmissionPluginEntry => ({ name, defaultOn: true });
const off = (name: string): AdmissionPluginEntry => ({ name, defaultOn: false });

/** The admission plugins of Kubernetes v1.34 in the order they run, whatever the order on the command line. */
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
export function resolveAdmissionPlugins({ enable, disable }: AdmissionPluginSelection): readonly string[] {
  requireKnown('enable-admission-plugins', enable);
  requireKnown('disable-admission-plugins', disable);
  const both = enable.find((name) => disable.includes(name));
  if (both !== undefined)
    throw new FlagError(`${JSON.stringify(both)} in enable-admission-plugins and disable-admission-plugins overlapped`);
  return admissionPlugins
    .filter(({ name, defaultOn }) => enable.includes(name) || (defaultOn && !disable.includes(name)))
    .map(({ name }) => name);
}

function requireKnown(flag: string, names: readonly string[]): void {
  const unknown = names.find((name) => !admissionPlugins.some((plugin) => plugin.name === name));
  if (unknown !== undefined) throw new FlagError(`${flag} plugin ${JSON.stringify(unknown)} is unknown`);
}
