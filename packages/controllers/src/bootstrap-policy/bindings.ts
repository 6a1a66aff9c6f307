import type { rbac } from '@keelson/schema';
import { group, serviceAccount, user } from './binding-notation.js';

type Subjects = readonly rbac.v1.Subject[];

/** Who has the cluster role of the same name, everywhere. */
export const clusterRoleBindings: Readonly<Record<string, Subjects>> = {
  'cluster-admin': [group('system:masters')],
  'system:basic-user': [group('system:authenticated')],
  'system:cluster-trust-bundle-discovery': [group('system:serviceaccounts')],
  'system:discovery': [group('system:authenticated')],
  'system:kube-controller-manager': [user('system:kube-controller-manager')],
  'system:kube-dns': [serviceAccount('kube-dns')],
  'system:kube-scheduler': [user('system:kube-scheduler')],
  'system:monitoring': [group('system:monitoring')],
  // Nodes have an authorizer of their own, which knows what is on which node.
  'system:node': [],
  'system:node-proxier': [user('system:kube-proxy')],
  'system:public-info-viewer': [group('system:authenticated'), group('system:unauthenticated')],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
  'system:volume-scheduler': [user('system:kube-scheduler')],
};

interface NamespaceBinding {
  readonly namespace: string;
  readonly name: string;
  /** When it has not the binding's name. */
  readonly role?: string;
  readonly subjects: Subjects;
}

/** Who has a role of a namespace there. */
export const roleBindings: readonly NamespaceBinding[] = [
  { namespace: 'kube-public', name: 'system:controller:bootstrap-signer', subjects: [serviceAccount('bootstrap-signer')] },
  {
    namespace: 'kube-system',
    name: 'system::extension-apiserver-authentication-reader',
    role: 'extension-apiserver-authentication-reader',
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler')],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-controller-manager',
    subjects: [
      user('system:kube-controller-manager'),
      serviceAccount('kube-controller-manager'),
      serviceAccount('leader-election-controller'),
    ],
  },
  {
    namespace: 'kube-system',
    name: 'system::leader-locking-kube-scheduler',
    subjects: [user('system:kube-scheduler'), serviceAccount('kube-scheduler')],
  },
  { namespace: 'kube-system', name: 'system:controller:bootstrap-signer', subjects: [serviceAccount('bootstrap-signer')] },
  { namespace: 'kube-system', name: 'system:controller:cloud-provider', subjects: [serviceAccount('cloud-provider')] },
  { namespace: 'kube-system', name: 'system:controller:token-cleaner', subjects: [serviceAccount('token-cleaner')] },
];
