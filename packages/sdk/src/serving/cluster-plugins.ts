import { builtInPlugins } from '@keelson/admission';
import { type AdmissionPlugin, type Authorizer, type Log, type ObjectAccess, ServiceResolver } from '@keelson/machinery';
import { readKubeconfig, readKubeconfigUsers } from '@keelson/schema';
import type { Instruments } from '@keelson/server';

/** What Kubernetes' own library gives to extension servers. */
export const CLUSTER_PLUGINS: readonly string[] = [
  'NamespaceLifecycle',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
];

/** Plugins of the cluster, here: they follow the same objects, from outside. */
export function clusterPlugins(
  names: readonly string[],
  parts: { readonly objects: ObjectAccess; readonly authorizer: Authorizer; readonly instruments: Instruments; readonly log: Log },
): Promise<AdmissionPlugin[]> {
  const { objects, authorizer, instruments, log } = parts;
  return builtInPlugins(names, {
    objects,
    authorizer,
    configurations: new Map(),
    readKubeconfig,
    readKubeconfigUsers,
    webhooks: { services: new ServiceResolver(objects), breaker: undefined, warnOfRisks: false, events: instruments.webhooks },
    podSecurity: instruments.podSecurity,
    policyEvents: instruments.policies,
    tolerationSeconds: { notReady: 300, unreachable: 300 },
    features: new Map(),
    log,
  });
}
