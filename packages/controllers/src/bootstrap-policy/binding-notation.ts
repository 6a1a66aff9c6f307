import type { rbac } from '@keelson/schema';

type Subject = rbac.v1.Subject;

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

export function user(name: string): Subject {
  return { kind: 'User', apiGroup: RBAC_GROUP, name };
}

export function group(name: string): Subject {
  return { kind: 'Group', apiGroup: RBAC_GROUP, name };
}

/** A service account of the system. */
export function serviceAccount(name: string): Subject {
  return { kind: 'ServiceAccount', name, namespace: 'kube-system' };
}
