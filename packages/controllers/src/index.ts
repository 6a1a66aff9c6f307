export { BootstrapRoles } from './bootstrap-roles.js';
export { ClusterIpRepair } from './cluster-ips/cluster-ip-repair.js';
export { DefaultServiceCidr } from './default-service-cidr.js';
export { KubernetesService, type KubernetesServiceOptions, LEASE_SECONDS } from './kubernetes-service.js';
export { NodePortRepair } from './node-port-repair.js';
export { ReplicaLeases } from './replica-leases.js';
export { StorageVersionMigrator } from './storage-migration/storage-version-migrator.js';
export { SystemNamespaces } from './system-namespaces.js';
export { SystemPriorityClasses } from './system-priority-classes.js';
