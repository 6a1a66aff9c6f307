import type { RulesOfKind } from '../rule.js';
import { controllerRevisions } from './apps/controller-revisions.js';
import { daemonSets } from './apps/daemon-sets.js';
import { deployments } from './apps/deployments.js';
import { replicaSets } from './apps/replica-sets.js';
import { scales } from './apps/scales.js';
import { statefulSets } from './apps/stateful-sets.js';
import { horizontalPodAutoscalers } from './autoscaling.js';
import { cronJobs } from './batch/cron-jobs.js';
import { jobs } from './batch/jobs.js';
import { configMaps } from './core/config-maps.js';
import { endpoints } from './core/endpoints.js';
import { persistentVolumeClaims } from './core/persistent-volume-claims.js';
import { persistentVolumes } from './core/persistent-volumes.js';
import { replicationControllers } from './core/replication-controllers.js';
import { secrets } from './core/secrets.js';
import { serviceAccountTokens } from './core/service-account-tokens.js';
import { services } from './core/services.js';
import { metadataRules } from './metadata.js';
import { nameRules } from './names.js';
import { namespaces } from './namespaces.js';
import { ingressClasses } from './networking/ingress-classes.js';
import { ingresses } from './networking/ingresses.js';
import { networkPolicies } from './networking/network-policies.js';
import { podTemplates } from './pods/pod-templates.js';
import { pods } from './pods/pods.js';
import { podDisruptionBudgets } from './policy.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac.js';
import { sharedParts } from './shared-parts.js';

export const allRules: readonly RulesOfKind[] = [
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  controllerRevisions,
  cronJobs,
  daemonSets,
  deployments,
  endpoints,
  horizontalPodAutoscalers,
  ingressClasses,
  ingresses,
  jobs,
  ...metadataRules,
  ...nameRules,
  namespaces,
  networkPolicies,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  podTemplates,
  pods,
  replicaSets,
  replicationControllers,
  roleBindings,
  roles,
  ...scales,
  secrets,
  serviceAccountTokens,
  services,
  sharedParts,
  statefulSets,
];
