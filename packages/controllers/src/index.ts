export { KubernetesService, type KubernetesServiceOptions, LEASE_SECONDS } from './kubernetes-service.js';
export { ReplicaLeases } from './replica-leases.js';
export { SystemNamespaces } from './system-namespaces.js';
