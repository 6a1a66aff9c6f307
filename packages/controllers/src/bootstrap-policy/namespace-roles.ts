import { allow, READ, RECORD_EVENTS, type RoleTable } from './rule-notation.js';

/** Roles by their namespaces. */
export const namespaceRoles: Readonly<Record<string, RoleTable>> = {
  'kube-public': {
    'system:controller:bootstrap-signer': [allow(READ, 'configmaps'), allow('update', 'configmaps', 'core', 'cluster-info'), RECORD_EVENTS],
  },
  'kube-system': {
    'extension-apiserver-authentication-reader': [allow(READ, 'configmaps', 'core', 'extension-apiserver-authentication')],
    'system::leader-locking-kube-controller-manager': [
      allow('watch', 'configmaps'),
      allow('get update', 'configmaps', 'core', 'kube-controller-manager'),
      allow('create get list update watch', 'leases', 'coordination.k8s.io'),
      allow('create get list update watch', 'leasecandidates', 'coordination.k8s.io'),
    ],
    'system::leader-locking-kube-scheduler': [
      allow('watch', 'configmaps'),
      allow('get update', 'configmaps', 'core', 'kube-scheduler'),
      allow('create get list update watch', 'leases', 'coordination.k8s.io'),
      allow('create get list update watch', 'leasecandidates', 'coordination.k8s.io'),
    ],
    'system:controller:bootstrap-signer': [allow(READ, 'secrets')],
    'system:controller:cloud-provider': [allow('create get list watch', 'configmaps')],
    'system:controller:token-cleaner': [allow('delete get list watch', 'secrets'), RECORD_EVENTS],
  },
};
