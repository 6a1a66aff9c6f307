import type { rbac } from '@keelson/schema';
import { allow, allowUrls, READ, READ_AND_CHANGE, RECORD_EVENTS, type RoleTable } from './rule-notation.js';

/** What a node may do, where the mode Node does not say more exactly: see its authorizer. */
export const nodeRules = [
  allow('create', 'tokenreviews', 'authentication.k8s.io'),
  allow('create', 'localsubjectaccessreviews subjectaccessreviews', 'authorization.k8s.io'),
  allow(READ, 'services'),
  allow('create get list watch', 'nodes'),
  allow('patch update', 'nodes/status'),
  allow('patch update', 'nodes'),
  allow('create patch update', 'events'),
  allow(READ, 'pods'),
  allow('create delete', 'pods'),
  allow('patch update', 'pods/status'),
  allow('create', 'pods/eviction'),
  allow(READ, 'configmaps secrets'),
  allow('get', 'persistentvolumeclaims persistentvolumes'),
  allow('get', 'endpoints'),
  allow('create get list watch', 'certificatesigningrequests', 'certificates.k8s.io'),
  allow('create delete get patch update', 'leases', 'coordination.k8s.io'),
  allow('get', 'volumeattachments', 'storage.k8s.io'),
  allow('create', 'serviceaccounts/token'),
  allow('get patch update', 'persistentvolumeclaims/status'),
  allow(READ, 'csidrivers', 'storage.k8s.io'),
  allow('create delete get patch update', 'csinodes', 'storage.k8s.io'),
  allow(READ, 'runtimeclasses', 'node.k8s.io'),
  allow('get', 'resourceclaims', 'resource.k8s.io'),
  allow('deletecollection', 'resourceslices', 'resource.k8s.io'),
  allow('get', 'serviceaccounts'),
];

/** KEP-2862: parts of kubelets that are asked for one by one. */
const fineGrainedKubelet = allow('*', 'nodes/configz nodes/healthz nodes/pods');
/** KEP-4828 and KEP-4827: pages that are there on demand. */
const [flagsPage, statusPage] = [allowUrls('get', '/flagz'), allowUrls('get', '/statusz')];

/** Rules that stand in their roles only while a feature is on. */
export const gatedRules: ReadonlyMap<rbac.v1.PolicyRule, string> = new Map([
  [fineGrainedKubelet, 'KubeletFineGrainedAuthz'],
  [flagsPage, 'ComponentFlagz'],
  [statusPage, 'ComponentStatusz'],
]);

/** Cluster roles of users, nodes and components, but for those that are made of others. */
export const clusterRoles: RoleTable = {
  'cluster-admin': [allow('*', '*', '*'), allowUrls('*', '*')],
  'system:auth-delegator': [
    allow('create', 'tokenreviews', 'authentication.k8s.io'),
    allow('create', 'subjectaccessreviews', 'authorization.k8s.io'),
  ],
  'system:basic-user': [
    allow('create', 'selfsubjectaccessreviews selfsubjectrulesreviews', 'authorization.k8s.io'),
    allow('create', 'selfsubjectreviews', 'authentication.k8s.io'),
  ],
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': [
    allow('create', 'certificatesigningrequests/nodeclient', 'certificates.k8s.io'),
  ],
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': [
    allow('create', 'certificatesigningrequests/selfnodeclient', 'certificates.k8s.io'),
  ],
  'system:certificates.k8s.io:kube-apiserver-client-approver': [
    allow('approve', 'signers', 'certificates.k8s.io', 'kubernetes.io/kube-apiserver-client'),
  ],
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': [
    allow('approve', 'signers', 'certificates.k8s.io', 'kubernetes.io/kube-apiserver-client-kubelet'),
  ],
  'system:certificates.k8s.io:kubelet-serving-approver': [
    allow('approve', 'signers', 'certificates.k8s.io', 'kubernetes.io/kubelet-serving'),
  ],
  'system:certificates.k8s.io:legacy-unknown-approver': [
    allow('approve', 'signers', 'certificates.k8s.io', 'kubernetes.io/legacy-unknown'),
  ],
  'system:discovery': [allowUrls('get', '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/')],
  'system:heapster': [allow(READ, 'events namespaces nodes pods'), allow(READ, 'deployments', 'extensions')],
  'system:kube-aggregator': [allow(READ, 'endpoints services')],
  'system:kube-controller-manager': [
    RECORD_EVENTS,
    allow('create', 'leases', 'coordination.k8s.io'),
    allow('get update', 'leases', 'coordination.k8s.io', 'kube-controller-manager'),
    allow('create', 'secrets serviceaccounts'),
    allow('delete', 'secrets'),
    allow('get', 'configmaps namespaces secrets serviceaccounts'),
    allow('update', 'secrets serviceaccounts'),
    allow('create', 'tokenreviews', 'authentication.k8s.io'),
    allow('create', 'subjectaccessreviews', 'authorization.k8s.io'),
    allow('list watch', '*', '*'),
    allow('create', 'serviceaccounts/token'),
  ],
  'system:kube-dns': [allow('list watch', 'endpoints services')],
  'system:kube-scheduler': [
    RECORD_EVENTS,
    allow('create', 'leases', 'coordination.k8s.io'),
    allow('get list update watch', 'leases', 'coordination.k8s.io', 'kube-scheduler'),
    allow(READ_AND_CHANGE, 'leasecandidates', 'coordination.k8s.io'),
    allow(READ, 'nodes'),
    allow('delete get list watch', 'pods'),
    allow('create', 'bindings pods/binding'),
    allow('patch update', 'pods/status'),
    allow(READ, 'replicationcontrollers services'),
    allow(READ, 'replicasets', 'apps extensions'),
    allow(READ, 'statefulsets', 'apps'),
    allow(READ, 'poddisruptionbudgets', 'policy'),
    allow(READ, 'persistentvolumeclaims persistentvolumes'),
    allow('create', 'tokenreviews', 'authentication.k8s.io'),
    allow('create', 'subjectaccessreviews', 'authorization.k8s.io'),
    allow(READ, 'csinodes', 'storage.k8s.io'),
    allow(READ, 'volumeattachments', 'storage.k8s.io'),
    allow(READ, 'namespaces'),
    allow(READ, 'csidrivers', 'storage.k8s.io'),
    allow(READ, 'csistoragecapacities', 'storage.k8s.io'),
    allow(READ, 'deviceclasses', 'resource.k8s.io'),
    allow('get list patch update watch', 'resourceclaims', 'resource.k8s.io'),
    allow('get list patch update watch', 'resourceclaims/status', 'resource.k8s.io'),
    allow('update', 'pods/finalizers'),
    allow(READ, 'resourceslices', 'resource.k8s.io'),
  ],
  'system:kubelet-api-admin': [
    allow(READ, 'nodes'),
    allow('proxy', 'nodes'),
    allow('*', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
    fineGrainedKubelet,
  ],
  'system:monitoring': [
    allowUrls('get', '/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*'),
    allow('get', 'nodes/metrics'),
    flagsPage,
    statusPage,
  ],
  'system:node': nodeRules,
  'system:node-bootstrapper': [allow('create get list watch', 'certificatesigningrequests', 'certificates.k8s.io')],
  'system:node-problem-detector': [allow('get', 'nodes'), allow('patch', 'nodes/status'), RECORD_EVENTS],
  'system:node-proxier': [
    allow('list watch', 'endpoints services'),
    allow(READ, 'nodes'),
    RECORD_EVENTS,
    allow('list watch', 'servicecidrs', 'networking.k8s.io'),
    allow('list watch', 'endpointslices', 'discovery.k8s.io'),
  ],
  'system:persistent-volume-provisioner': [
    allow('create delete get list watch', 'persistentvolumes'),
    allow('get list update watch', 'persistentvolumeclaims'),
    allow(READ, 'storageclasses', 'storage.k8s.io'),
    allow('watch', 'events'),
    RECORD_EVENTS,
  ],
  'system:public-info-viewer': [allowUrls('get', '/healthz /livez /readyz /version /version/')],
  'system:service-account-issuer-discovery': [
    allowUrls('get', '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/'),
  ],
  'system:volume-scheduler': [
    allow('get list patch update watch', 'persistentvolumes'),
    allow(READ, 'storageclasses', 'storage.k8s.io'),
    allow('get list patch update watch', 'persistentvolumeclaims'),
  ],
};
