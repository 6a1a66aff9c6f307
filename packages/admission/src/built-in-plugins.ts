import { type AdmissionPlugin, SignerAccess } from '@keelson/machinery';
import { alwaysAdmit } from './always/always-admit.js';
import { alwaysDeny } from './always/always-deny.js';
import { CertificateApproval } from './certificates/certificate-approval.js';
import { CertificateSigning } from './certificates/certificate-signing.js';
import { certificateSubjectRestriction } from './certificates/certificate-subject-restriction.js';
import { ClusterTrustBundleAttest } from './certificates/cluster-trust-bundle-attest.js';
import { readEventLimits } from './events/event-limits.js';
import { EventRateLimit } from './events/event-rate-limit.js';
import { readImagePolicySettings } from './images/image-policy-settings.js';
import { ImagePolicyWebhook } from './images/image-policy-webhook.js';
import { Initializers } from './initializers/initializers.js';
import { LimitRanger } from './limit-ranger/limit-ranger.js';
import { LimitRanges } from './limit-ranger/limit-ranges.js';
import { NamespaceAutoProvision } from './namespaces/namespace-auto-provision.js';
import { NamespaceExists } from './namespaces/namespace-exists.js';
import { NamespaceLifecycle } from './namespaces/namespace-lifecycle.js';
import { DefaultIngressClass } from './network/default-ingress-class.js';
import { denyServiceExternalIps } from './network/deny-service-external-ips.js';
import { NodeRestriction } from './nodes/node-restriction/node-restriction.js';
import { taintNodesByCondition } from './nodes/taint-nodes-by-condition.js';
import { OwnerReferencesPermissionEnforcement } from './owners/owner-references-permission-enforcement.js';
import type { PluginHost } from './plugin-host.js';
import { PodSecurity } from './pod-security/pod-security.js';
import { alwaysPullImages } from './pods/always-pull-images.js';
import { DefaultTolerationSeconds } from './pods/default-toleration-seconds.js';
import { extendedResourceToleration } from './pods/extended-resource-toleration.js';
import { limitPodHardAntiAffinityTopology } from './pods/limit-pod-hard-anti-affinity-topology.js';
import { PodNodeSelector, readNodeSelectors } from './pods/pod-node-selector.js';
import { PodTolerationRestriction } from './pods/pod-toleration-restriction.js';
import { PodTopologyLabels } from './pods/pod-topology-labels.js';
import { Priority } from './pods/priority.js';
import { RuntimeClass } from './pods/runtime-class.js';
import { readTolerationDefaults } from './pods/toleration-defaults.js';
import { MutatingPolicies } from './policies/mutating-policies.js';
import { ValidatingPolicies } from './policies/validating-policies.js';
import { readLimitedResources } from './resource-quota/configuration.js';
import { QuotaLedger } from './resource-quota/quota-ledger.js';
import { ResourceQuota } from './resource-quota/resource-quota.js';
import { ServiceAccount } from './service-accounts/service-account.js';
import { DefaultStorageClass } from './storage/default-storage-class.js';
import { PersistentVolumeClaimResize } from './storage/persistent-volume-claim-resize.js';
import { storageObjectInUseProtection } from './storage/storage-object-in-use-protection.js';
import { mutatingWebhooks, validatingWebhooks } from './webhooks/webhook-plugins.js';

/** Throws when the plugin cannot work with its configuration. Undefined where a feature gate switches it off. */
type Factory = (host: PluginHost) => AdmissionPlugin | undefined | Promise<AdmissionPlugin>;

const NODES = { group: '', version: 'v1', resource: 'nodes' };
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
const RUNTIME_CLASSES = { group: 'node.k8s.io', version: 'v1', resource: 'runtimeclasses' };
const SERVICE_ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts' };
const STORAGE_CLASSES = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' };

const signerAccess = ({ authorizer, log }: PluginHost) => new SignerAccess(authorizer, log);

const FACTORIES: Readonly<Record<string, Factory>> = {
  AlwaysAdmit: () => alwaysAdmit,
  NamespaceAutoProvision: ({ objects }) => new NamespaceAutoProvision(objects),
  NamespaceLifecycle: ({ objects }) => new NamespaceLifecycle(objects),
  NamespaceExists: ({ objects }) => new NamespaceExists(objects.reader(NAMESPACES)),
  LimitPodHardAntiAffinityTopology: () => limitPodHardAntiAffinityTopology,
  LimitRanger: ({ objects }) => new LimitRanger(new LimitRanges(objects)),
  ServiceAccount: ({ objects }) => new ServiceAccount(objects.reader(SERVICE_ACCOUNTS)),
  NodeRestriction: (host) => new NodeRestriction(host),
  TaintNodesByCondition: () => taintNodesByCondition,
  AlwaysPullImages: () => alwaysPullImages,
  ImagePolicyWebhook: async ({ configurations, readKubeconfig, log }) => {
    const settings = readImagePolicySettings(configurations.get('ImagePolicyWebhook'));
    return new ImagePolicyWebhook(settings, await readKubeconfig(settings.kubeconfigFile), log);
  },
  PodSecurity: (host) => new PodSecurity(host, host.configurations.get('PodSecurity')),
  PodNodeSelector: ({ objects, configurations }) =>
    new PodNodeSelector(readNodeSelectors(configurations.get('PodNodeSelector')), objects.reader(NAMESPACES)),
  Priority: ({ objects }) => new Priority(objects),
  DefaultTolerationSeconds: ({ tolerationSeconds }) => new DefaultTolerationSeconds(tolerationSeconds),
  PodTolerationRestriction: ({ objects, configurations }) =>
    new PodTolerationRestriction(readTolerationDefaults(configurations.get('PodTolerationRestriction')), objects.reader(NAMESPACES)),
  EventRateLimit: ({ configurations }) => new EventRateLimit(readEventLimits(configurations.get('EventRateLimit'))),
  ExtendedResourceToleration: () => extendedResourceToleration,
  DefaultStorageClass: ({ objects }) => new DefaultStorageClass(objects),
  StorageObjectInUseProtection: () => storageObjectInUseProtection,
  OwnerReferencesPermissionEnforcement: ({ authorizer, objects }) => new OwnerReferencesPermissionEnforcement(authorizer, objects),
  PersistentVolumeClaimResize: ({ objects }) => new PersistentVolumeClaimResize(objects.reader(STORAGE_CLASSES)),
  RuntimeClass: ({ objects }) => new RuntimeClass(objects.reader(RUNTIME_CLASSES)),
  CertificateApproval: (host) => new CertificateApproval(signerAccess(host)),
  CertificateSigning: (host) => new CertificateSigning(signerAccess(host)),
  ClusterTrustBundleAttest: (host) => new ClusterTrustBundleAttest(signerAccess(host)),
  CertificateSubjectRestriction: () => certificateSubjectRestriction,
  DefaultIngressClass: ({ objects }) => new DefaultIngressClass(objects),
  DenyServiceExternalIPs: () => denyServiceExternalIps,
  PodTopologyLabels: ({ features, objects }) =>
    new PodTopologyLabels(objects.reader(NODES), features.get('PodTopologyLabelsAdmission') === true),
  MutatingAdmissionPolicy: (host) => (host.features.get('MutatingAdmissionPolicy') ? new MutatingPolicies(host) : undefined),
  MutatingAdmissionWebhook: mutatingWebhooks,
  Initializers: ({ objects, authorizer }) => new Initializers(objects, authorizer),
  ValidatingAdmissionPolicy: (host) => new ValidatingPolicies(host),
  ValidatingAdmissionWebhook: validatingWebhooks,
  ResourceQuota: ({ objects, configurations }) =>
    new ResourceQuota(new QuotaLedger(objects), readLimitedResources(configurations.get('ResourceQuota'))),
  AlwaysDeny: () => alwaysDeny,
};

/** Names of the plugins that there are. */
export const pluginNames: ReadonlySet<string> = new Set(Object.keys(FACTORIES));

/** Makes those of the named plugins that there are, in the order of the names. Rejects with the first one's problem. */
export async function builtInPlugins(names: readonly string[], host: PluginHost): Promise<AdmissionPlugin[]> {
  const plugins: AdmissionPlugin[] = [];
  for (const name of names) {
    const plugin = pluginNames.has(name) ? await made(name, FACTORIES[name] as Factory, host) : undefined;
    if (plugin !== undefined) plugins.push(plugin);
  }
  return plugins;
}

async function made(name: string, make: Factory, host: PluginHost): Promise<AdmissionPlugin | undefined> {
  try {
    return await make(host);
  } catch (error) {
    throw new Error(`couldn't init admission plugin ${JSON.stringify(name)}: ${(error as Error).message}`, { cause: error });
  }
}
