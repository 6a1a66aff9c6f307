import type { RulesOfKind } from '../rule.js';
import { apiServices } from './api-services.js';
import { controllerRevisions } from './apps/controller-revisions.js';
import { daemonSets } from './apps/daemon-sets.js';
import { deployments } from './apps/deployments.js';
import { replicaSets } from './apps/replica-sets.js';
import { scales } from './apps/scales.js';
import { statefulSets } from './apps/stateful-sets.js';
import { horizontalPodAutoscalers } from './autoscaling.js';
import { cronJobs } from './batch/cron-jobs.js';
import { jobs } from './batch/jobs.js';
import { leases } from './coordination.js';
import { configMaps } from './core/config-maps.js';
import { endpoints } from './core/endpoints.js';
import { persistentVolumeClaims } from './core/persistent-volume-claims.js';
import { persistentVolumes } from './core/persistent-volumes.js';
import { replicationControllers } from './core/replication-controllers.js';
import { secrets } from './core/secrets.js';
import { serviceAccountTokens } from './core/service-account-tokens.js';
import { services } from './core/services.js';
import { definitions } from './definitions/definitions.js';
import { endpointSlices } from './endpoint-slices.js';
import { events, newerEvents } from './events.js';
import { flowSchemas, priorityLevels } from './flow-control.js';
import { boundedClaims, boundedPods, limitedPods, limitRanges } from './limit-ranges.js';
import { metadataRules } from './metadata.js';
import { nameRules } from './names.js';
import { namespaces } from './namespaces.js';
import { ingressClasses } from './networking/ingress-classes.js';
import { ingresses } from './networking/ingresses.js';
import { networkPolicies } from './networking/network-policies.js';
import { nodes } from './nodes.js';
import { podTemplates } from './pods/pod-templates.js';
import { pods } from './pods/pods.js';
import { validatingPolicies } from './policies.js';
import { podDisruptionBudgets } from './policy.js';
import { chargedPods, chargedServices, quotas } from './quotas.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac.js';
import { resourceClaims } from './resource-claims.js';
import { prioritizedPods, priorityClasses } from './scheduling.js';
import { changedIpAddresses, ipAddresses, serviceCidrs } from './service-ranges.js';
import { sharedParts } from './shared-parts.js';
import { signingRequests } from './signing-requests.js';
import { storageClasses } from './storage-classes.js';
import { earlyWebhooks, mutatingWebhooks, validatingWebhooks } from './webhooks.js';

export const allRules: readonly RulesOfKind[] = [
  apiServices,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  ...scales,
  statefulSets,
  horizontalPodAutoscalers,
  cronJobs,
  jobs,
  leases,
  configMaps,
  endpoints,
  persistentVolumeClaims,
  persistentVolumes,
  replicationControllers,
  secrets,
  serviceAccountTokens,
  services,
  definitions,
  endpointSlices,
  events,
  newerEvents,
  flowSchemas,
  priorityLevels,
  limitRanges,
  limitedPods,
  boundedPods,
  boundedClaims,
  ...metadataRules,
  ...nameRules,
  namespaces,
  ingressClasses,
  ingresses,
  networkPolicies,
  nodes,
  podTemplates,
  pods,
  validatingPolicies,
  podDisruptionBudgets,
  quotas,
  chargedPods,
  chargedServices,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  priorityClasses,
  prioritizedPods,
  resourceClaims,
  ipAddresses,
  changedIpAddresses,
  serviceCidrs,
  sharedParts,
  signingRequests,
  storageClasses,
  mutatingWebhooks,
  validatingWebhooks,
  earlyWebhooks,
];
