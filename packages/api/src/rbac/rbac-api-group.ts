export const rbacApiGroup = 'rbac.authorization.k8s.io';
