export { ApiServiceRegistration } from './api-services/api-service-registration.js';
export { LocalAvailability } from './api-services/local-availability.js';
export { RemoteAvailability } from './api-services/remote-availability.js';
export { nodeRules } from './bootstrap-policy/cluster-roles.js';
export { granted } from './bootstrap-policy/rule-notation.js';
export { BootstrapRoles } from './bootstrap-roles.js';
export {
  type ClusterAuthentication,
  type FrontProxyAuthentication,
  publishedAuthentication,
} from './cluster-authentication/cluster-authentication.js';
export { ClusterAuthenticationTrust } from './cluster-authentication/cluster-authentication-trust.js';
export { ClusterIpRepair } from './cluster-ips/cluster-ip-repair.js';
export { ClusterRoleAggregation } from './cluster-role-aggregation.js';
export type { ControllerAccess } from './controller-access.js';
export { CustomResourceDefinitions } from './custom-resources/custom-resource-definitions.js';
export { DefaultServiceCidr } from './default-service-cidr.js';
export { mandatoryFlowSchemas } from './flow-control/flow-schemas.js';
export { mandatoryPriorityLevels } from './flow-control/priority-levels.js';
export { FlowControlConfiguration } from './flow-control-configuration.js';
export { FlowSchemaStatus } from './flow-schema-status.js';
export { KubernetesService, type KubernetesServiceOptions, LEASE_SECONDS } from './kubernetes-service.js';
export { CoordinatedElections } from './leader-election/coordinated-elections.js';
export { ExpiredCandidates } from './leader-election/expired-candidates.js';
export { Leadership, type LeadershipTimes } from './leader-election/leadership.js';
export { LegacyTokenTracking } from './legacy-token-tracking.js';
export { NodePortRepair } from './node-port-repair.js';
export { NodePortRepairMetrics } from './node-port-repair-metrics.js';
export { RepeatedTask } from './repeated-task.js';
export { ExpiredIdentities } from './replica-identity/expired-identities.js';
export { IdentityLease } from './replica-identity/identity-lease.js';
export { replicaName } from './replica-identity/replica-name.js';
export { ReplicaLeases } from './replica-leases.js';
export { ResourceQuotaController } from './resource-quota/resource-quota-controller.js';
export { DefaultServiceAccounts } from './service-accounts/default-service-accounts.js';
export { RootCaPublisher } from './service-accounts/root-ca-publisher.js';
export { type SecretTokenIssuer, TokenSecrets, type TokenSecretsOptions } from './service-accounts/token-secrets.js';
export { StorageVersionMigrator } from './storage-migration/storage-version-migrator.js';
export { SystemNamespaces } from './system-namespaces.js';
export { SystemPriorityClasses } from './system-priority-classes.js';
export { ValidatingPolicyStatus } from './validating-policies/validating-policy-status.js';
